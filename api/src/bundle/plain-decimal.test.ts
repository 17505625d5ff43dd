import fc from "fast-check";

import { plainDecimal } from "./plain-decimal";

const digits = fc.stringMatching(/^\d{0,12}$/);

it("gives the very bits of Number, and nothing for what Number would not read", () => {
  const text = fc
    .tuple(fc.constantFrom("", "-", "+"), digits, fc.constantFrom("", "."), digits)
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (sent) => {
      const read = plainDecimal(sent);
      if (read !== undefined) expect(read).toBe(Number(sent));
    }),
    { numRuns: 20_000 },
  );
});

it.each([
  ["0", 0],
  ["-0", -0],
  ["-0.0", -0],
  ["1.", 1],
  ["007", 7],
  ["999999999999999", 999999999999999],
  ["0.00000000000001", 1e-14],
  ["-12.25", -12.25],
])("%s is read", (text, number) => {
  expect(plainDecimal(text)).toBe(number);
});

it.each([
  "",
  "-",
  ".",
  "-.5",
  ".5",
  "+1",
  " 1",
  "1 ",
  "1e3",
  "1.2.3",
  "--1",
  "1-",
  "1234567890123456",
  "٣",
  "0x1",
  "nan",
])("%j is left to others", (text) => {
  expect(plainDecimal(text)).toBeUndefined();
});
