import { likelyNumber } from "./likely-number";
import { seededRandom } from "./seeded-random";

function numbers(known: Parameters<typeof likelyNumber>[0], count = 400): number[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => likelyNumber(known, random) ?? Number.NaN);
}

/** How many lie below the first threshold, between the first and the second, …; as many above the last. */
const sides = (thresholds: readonly number[], found: readonly number[]): number[] =>
  [-Infinity, ...thresholds].map(
    (low, i) => found.filter((number) => number > low && number <= (thresholds[i] ?? Infinity)).length,
  );

test.each<[string, readonly number[]]>([
  ["large ones", [300_000, 1_000_000.25, 1_000_000.75, 3_100_000]],
  ["small ones", [0.0004, 0.00041, 0.0015]],
  ["negative ones", [-74_000.1, -20_000.3]],
  ["a single one", [12.34]],
  ["one of nothing", [1e-12]],
])("lies on every side of thresholds as often: %s", (_, thresholds) => {
  const counted = sides(thresholds, numbers({ thresholds }));
  for (const count of counted) expect(count).toBeGreaterThan(400 / counted.length / 2);
});

it("is whole where all thresholds lie between whole numbers, and 0 or 1 where the only one lies between these", () => {
  const found = numbers({ thresholds: [2.5, 17.5, 60] });
  expect(found.every(Number.isInteger)).toBe(true);
  for (const count of sides([2.5, 17.5, 59.5], found)) expect(count).toBeGreaterThan(50);
  expect(new Set(numbers({ thresholds: [0.5] }))).toEqual(new Set([0, 1]));
  expect(new Set(numbers({ thresholds: [1e-35], range: [0, 1] }))).toEqual(new Set([0, 1]));
});

it("stays within the bounds that the manifest gives", () => {
  const found = numbers({ thresholds: [0.5, 20.1, 80.3], min: 18, max: 60 });
  expect(found.every((number) => number >= 18 && number <= 60)).toBe(true);
  for (const count of sides([20.1], found)) expect(count).toBeGreaterThan(100);
});

it("goes as far as what was seen, and no further", () => {
  const found = numbers({ thresholds: [4.1, 5.2], range: [-100, 9] });
  expect(Math.min(...found)).toBeLessThan(-80);
  expect(Math.max(...found)).toBeLessThanOrEqual(9);
});

it("lies about what is typical where that is all, and is none where nothing is known", () => {
  expect(numbers({ typical: 50 }).every((number) => number >= 25 && number <= 75)).toBe(true);
  expect(likelyNumber({}, seededRandom(1))).toBeUndefined();
});
