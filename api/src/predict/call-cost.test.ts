import { CallCost } from "./call-cost";

/** Of calls that take `fixed + perRow x rows` milliseconds. */
function learned(fixed: number, perRow: number, sizes: readonly number[]): CallCost {
  const cost = new CallCost();
  for (const rows of sizes) cost.observe(rows, fixed + perRow * rows);
  return cost;
}

const mixed = Array.from({ length: 300 }, (_, i) => [1, 5, 40, 300][i % 4] ?? 1);

it("finds what a call and what a row costs", () => {
  const cost = learned(2, 0.05, mixed);
  expect(cost.of(1)).toBeCloseTo(2.05, 1);
  expect(cost.of(200)).toBeCloseTo(12, 0);
  expect(cost.rowsWithin(12)).toBeGreaterThan(180);
  expect(cost.rowsWithin(12)).toBeLessThan(220);
});

it("follows a model that has become slower", () => {
  const cost = learned(1, 0.01, mixed);
  for (const rows of mixed) cost.observe(rows, 1 + 0.2 * rows);
  expect(cost.of(300)).toBeGreaterThan(50);
});

it("makes little of one call that took a second, which was no fault of the model's", () => {
  const cost = learned(1, 0.01, mixed);
  cost.observe(5, 1_000);
  expect(cost.of(5)).toBeLessThan(2.5);
});

it("assumes a small model before it has seen a call, and always lets a row through", () => {
  expect(new CallCost().rowsWithin(6)).toBe(1_000);
  expect(learned(50, 1, mixed).rowsWithin(10)).toBe(1);
});

it.each([1, 8, 32, 1_024, 10_000])(
  "calls of %d rows and of no other size, however many, say nothing absurd",
  (rows) => {
    const cost = new CallCost();
    for (let i = 0; i < 20_000; i += 1) cost.observe(rows, i % 2 === 0 ? 0.5 : 9);
    expect(cost.of(0)).toBeGreaterThanOrEqual(0);
    expect(cost.of(1_000)).toBeGreaterThanOrEqual(cost.of(1));
    expect(cost.of(rows)).toBeGreaterThan(4);
    expect(cost.of(rows)).toBeLessThan(6);
    expect(Number.isSafeInteger(cost.rowsWithin(10))).toBe(true);
  },
);

it("single rows alone leave a large call as fast as it was assumed to be", () => {
  const cost = learned(0.8, 0.001, Array<number>(20_000).fill(1));
  expect(cost.rowsWithin(10)).toBeGreaterThan(1_000);
  expect(cost.of(1_000)).toBeLessThan(10);
});
