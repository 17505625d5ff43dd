import { toFixedHalfEven } from "./to-fixed-half-even";

test.each([
  [0.5, 0, "0"],
  [1.5, 0, "2"],
  [2.5, 0, "2"],
  [-2.5, 0, "-2"],
  [0.125, 2, "0.12"],
  [0.375, 2, "0.38"],
  [0.00048828125, 10, "0.0004882812"],
  [0.3620886438241, 10, "0.3620886438"],
  [1e21, 2, "1e+21"],
  [0, 3, "0.000"],
  [5e-324, 10, "0.0000000000"],
])("%d with %d decimals is %s, as in Python", (value, decimals, text) => {
  expect(toFixedHalfEven(value, decimals)).toBe(text);
});
