import { listedUnknown } from "./list-unknown";

const inputs = (count: number, rows = 1): Map<string, number> =>
  new Map(Array.from({ length: count }, (_, i) => [`input number ${i}`, rows]));

it("names each input with its rows", () => {
  expect(
    listedUnknown(
      new Map([
        ["x5", 1],
        ["a, b=+", 20],
      ]),
    ),
  ).toBe("x5=1, a%2C%20b%3D%2B=20");
});

it.each([1, 50, 86, 87, 88, 100, 2_000, 100_000])("%d inputs: a header that arrives, and counts them all", (count) => {
  const told = listedUnknown(inputs(count));
  expect(told.length).toBeLessThan(2_048);
  const parts = told.split(", ").map((part) => part.split("=") as [string, string]);
  const notListed = Number(new Map(parts).get("+inputs") ?? 0);
  const listed = parts.filter(([name]) => name !== "+inputs").map(([name]) => decodeURIComponent(name));
  expect(listed).toEqual([...inputs(count).keys()].slice(0, listed.length));
  expect(listed.length + notListed).toBe(count);
  if (count > 1_000) expect(told.length).toBeGreaterThan(1_900);
});

it("a name that is too long by itself keeps no other out", () => {
  expect(
    listedUnknown(
      new Map([
        ["é".repeat(1_000), 3],
        ["x5", 1],
      ]),
    ),
  ).toBe("x5=1, +inputs=1");
  expect(listedUnknown(new Map([["é".repeat(1_000), 3]]))).toBe("+inputs=1");
});
