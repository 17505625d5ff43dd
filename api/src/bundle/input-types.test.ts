import fc from "fast-check";

import { NO_CATEGORY, Refused } from "./cell";
import { cellReader, inputSchema, tensorOf } from "./input-types";

/** A cell as an input of this kind reads it; what is refused shows as the text of what is allowed. */
function read(input: Record<string, unknown>, value: unknown): unknown {
  const cell = cellReader(inputSchema.parse(input))(value);
  return cell instanceof Refused ? { allowed: cell.allowed } : cell;
}

const NUMBER = { allowed: "a number, or a string that holds one" };
const WHOLE = { allowed: "a whole number, or a string that holds one" };
const MONEY = { allowed: 'a number, or money such as "$5,547.78", "($12.30)" being negative' };
const PERCENT = { allowed: 'a number, or a percentage such as "36.29%"' };

describe("a number", () => {
  it.each([
    [0, 0],
    [-0, -0],
    [1.5, 1.5],
    [5e-324, 5e-324],
    [1.7976931348623157e308, 1.7976931348623157e308],
    [JSON.parse("9007199254740993"), 9007199254740992], // as float(9007199254740993) in Python
    ["9007199254740993", 9007199254740992],
    ["-1.018506", -1.018506],
    ["14.757", 14.757],
    ["-0", -0],
    ["-0.0", -0],
    ["0", 0],
    ["007", 7],
    ["1.", 1],
    [".5", 0.5],
    ["+2", 2],
    ["1e3", 1000],
    ["1E-3", 0.001],
    ["1e+3", 1000],
    [" 1 ", 1],
    ["\t1\n", 1],
    ["1e-400", 0],
  ])("reads %j as %d", (value, number) => {
    expect(read({ type: "number" }, value)).toBe(number);
  });

  it.each([
    ["Infinity"],
    ["inf"],
    ["-inf"],
    ["1e999"],
    [JSON.parse("1e999")],
    [JSON.parse("-1e999")],
    [NaN],
    ["1_000"],
    ["1,000"],
    ["0x10"],
    ["0b1"],
    ["0o7"],
    ["\uff11\uff12"],
    ["٣"],
    ["1 2"],
    ["1.2.3"],
    ["--5"],
    ["+-5"],
    ["- 5"],
    ["."],
    ["e5"],
    ["1e"],
    ["1e5.0"],
    ["$5"],
    ["5%"],
    ["(5)"],
    ["ten"],
    ["-nan"],
    ["nan nan"],
    ["null"],
    ["1\u0000"],
    [true],
    [false],
    [[]],
    [[1]],
    [{}],
  ])("refuses %j", (value) => {
    expect(read({ type: "number", null: "nan", absent: "nan" }, value)).toEqual(NUMBER);
  });

  it.each([[null], [""], ["  "], ["nan"], ["NaN"], ["NAN"], [" nan "]])("takes %j for the missing value", (value) => {
    expect(read({ type: "number" }, value)).toEqual(NUMBER);
    expect(read({ type: "number", null: "nan" }, value)).toBe(NaN);
    expect(read({ type: "number", null: { default: -1.5 } }, value)).toBe(-1.5);
  });

  it("has a rule of its own for the absent cell", () => {
    expect(read({ type: "number", null: "nan" }, undefined)).toEqual(NUMBER);
    expect(read({ type: "number", absent: "nan" }, undefined)).toBe(NaN);
    expect(read({ type: "number", absent: { default: 7 } }, undefined)).toBe(7);
    expect(read({ type: "number", absent: "nan" }, null)).toEqual(NUMBER);
  });

  it("keeps to its bounds, which are allowed themselves", () => {
    const input = { type: "number", min: 1, max: 3, null: "nan" };
    const allowed = { allowed: "a number, or a string that holds one, at least 1, at most 3" };
    expect([1, "3", 2].map((value) => read(input, value))).toEqual([1, 3, 2]);
    expect([0.999, "3.001", -0].map((value) => read(input, value))).toEqual([allowed, allowed, allowed]);
    expect(read(input, null)).toBe(NaN);
  });

  it("keeps every bit of any finite double, as JSON and as a string", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        // JSON.stringify loses the sign of zero; what a caller writes does not
        const text = Object.is(number, -0) ? "-0" : String(number);
        expect(read({ type: "number" }, text)).toBe(number);
        expect(read({ type: "number" }, JSON.parse(text))).toBe(number);
        expect(read({ type: "currency" }, text)).toBe(number);
        expect(read({ type: "percent" }, `${text}%`)).toBe(number);
      }),
    );
  });

  it.each(["number", "integer", "currency", "percent", "category"])(
    "and a hostile string for %s costs no more than its length",
    (type) => {
      const input = type === "category" ? { type, values: [1] } : { type };
      const hostile = [
        `${"1".repeat(200_000)}x`,
        `${" ".repeat(200_000)}x`,
        `1${" ".repeat(200_000)}x`,
        `${"1,111".repeat(40_000)}x`,
      ];
      const started = performance.now();
      for (const value of hostile) expect(read(input, value)).toHaveProperty("allowed");
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );
});

describe("an integer", () => {
  it.each([
    [3, 3],
    [-0, -0],
    ["3", 3],
    ["-3", -3],
    ["+3", 3],
    [" 3 ", 3],
    ["007", 7],
    [3.0, 3],
    [9007199254740991, 9007199254740991],
  ])("reads %j as %d", (value, number) => {
    expect(read({ type: "integer" }, value)).toBe(number);
  });

  it.each([[3.5], ["3.0"], ["3e0"], [9007199254740992], ["9007199254740993"], ["x"], [true], ["1_0"], [[3]], [1e300]])(
    "refuses %j",
    (value) => {
      expect(read({ type: "integer", null: "nan" }, value)).toEqual(WHOLE);
    },
  );

  it("takes the missing value as a number does", () => {
    expect(["nan", "", null].map((value) => read({ type: "integer", null: "nan" }, value))).toEqual([NaN, NaN, NaN]);
  });
});

describe("a boolean", () => {
  it.each([
    [true, 1],
    [false, 0],
    [1, 1],
    [0, 0],
    ["true", 1],
    ["false", 0],
  ])("reads %j as %d", (value, number) => {
    expect(read({ type: "boolean" }, value)).toBe(number);
  });

  it.each([[2], ["yes"], ["1"], [0.5], [[]], [{}], [null], [""], [undefined]])("refuses %j", (value) => {
    expect(read({ type: "boolean" }, value)).toEqual({ allowed: "true or false" });
  });

  it("takes null by its rule", () => {
    expect(read({ type: "boolean", null: "nan" }, null)).toBe(NaN);
    expect(read({ type: "boolean", null: { default: 1 } }, null)).toBe(1);
  });
});

describe("a currency", () => {
  it.each([
    ["$5,547.78", 5547.78],
    ["$-5", -5],
    ["-$5", -5],
    ["+$5", 5],
    ["$+5", 5],
    ["($12.30)", -12.3],
    ["(12)", -12],
    ["(1,234.5)", -1234.5],
    ["($0)", -0],
    ["$0", 0],
    ["-0", -0],
    [" $5 ", 5],
    ["1,234,567.89", 1234567.89],
    ["$1234567", 1234567],
    ["$.5", 0.5],
    ["$5.", 5],
    ["5", 5],
    ["1e3", 1000],
    [5.25, 5.25],
    [-0, -0],
  ])("reads %j as %d", (value, number) => {
    expect(read({ type: "currency" }, value)).toBe(number);
  });

  it.each([
    ["$1,23.4"],
    ["1,2345"],
    [",123"],
    ["1,234,56"],
    ["1234,567"],
    ["--5"],
    ["-$-5"],
    ["$--5"],
    ["(-5)"],
    ["(-$5)"],
    ["($-5)"],
    ["(+5)"],
    ["-(5)"],
    ["$(5)"],
    ["(5"],
    ["5)"],
    ["((5))"],
    ["$"],
    ["()"],
    ["$$5"],
    ["5$"],
    ["€5"],
    ["$1e3"],
    ["$nan"],
    ["$1_000"],
    ["$5,547.78.1"],
    ["$1.234,5"],
    [`$${"9".repeat(400)}`],
    [true],
    [[5]],
  ])("refuses %j", (value) => {
    expect(read({ type: "currency", null: "nan" }, value)).toEqual(MONEY);
  });

  it("takes the missing value as a number does", () => {
    expect(["nan", "", null].map((value) => read({ type: "currency", null: "nan" }, value))).toEqual([NaN, NaN, NaN]);
  });
});

describe("a percentage", () => {
  it.each([
    ["36.29%", 36.29],
    ["36.29 %", 36.29],
    [" 36.29% ", 36.29],
    ["-5%", -5],
    ["-0%", -0],
    ["36.29", 36.29],
    [36.29, 36.29],
    ["1e1%", 10],
  ])("reads %j as %d: the sign goes, nothing is divided", (value, number) => {
    expect(read({ type: "percent" }, value)).toBe(number);
  });

  it("is a hundredth of that where the manifest says fraction", () => {
    const read100 = (value: unknown): unknown => read({ type: "percent", as: "fraction", null: "nan" }, value);
    expect(["36.29%", 50, "50", null].map(read100)).toEqual([36.29 / 100, 0.5, 0.5, NaN]);
  });

  it.each([["%"], ["5%%"], ["%5"], ["5%5"], ["nan%"], ["$5%"], [true], ["5 % x"]])("refuses %j", (value) => {
    expect(read({ type: "percent", null: "nan" }, value)).toEqual(PERCENT);
  });
});

describe("a category", () => {
  const days = { type: "category", values: ["monday", "Tuesday"] };
  const months = { type: "category", values: [1, 2, 12] };

  it.each([
    [days, "monday", 0],
    [days, "Tuesday", 1],
    [{ ...days, case: "ignore" }, "MONDAY", 0],
    [{ ...days, case: "ignore" }, "tuesday", 1],
    [months, 12, 2],
    [months, 12.0, 2],
    [months, "1", 0],
    [months, "01", 0],
    [months, " 2 ", 1],
    [months, "+2", 1],
    [{ type: "category", values: ["1", "2"] }, "2", 1],
    [{ type: "category", values: ["", "a"] }, "", 0],
    [{ type: "category", values: [-1, 0] }, -0, 1],
    [{ type: "category", values: ["constructor", "__proto__"] }, "__proto__", 1],
  ])("%j reads %j as the code %d", (input, value, code) => {
    expect(read(input, value)).toBe(code);
  });

  const allowedDays = { allowed: 'one of "monday", "Tuesday"' };
  it.each([
    [days, "MONDAY", allowedDays],
    [days, " monday", allowedDays],
    [days, "", allowedDays],
    [days, "nan", allowedDays],
    [days, null, allowedDays],
    [days, undefined, allowedDays],
    [days, 0, allowedDays],
    [days, true, allowedDays],
    [days, ["monday"], allowedDays],
    [days, "toString", allowedDays],
    [days, "\ud800", allowedDays],
    [months, 13, { allowed: "one of 1, 2, 12" }],
    [months, 1.5, { allowed: "one of 1, 2, 12" }],
    [months, "1.0", { allowed: "one of 1, 2, 12" }],
    [months, "x", { allowed: "one of 1, 2, 12" }],
    [months, true, { allowed: "one of 1, 2, 12" }],
    [{ type: "category", values: ["1"] }, 1, { allowed: 'one of "1"' }],
  ])("%j refuses %j", (input, value, refused) => {
    expect(read(input, value)).toEqual(refused);
  });

  it("has a rule each for null, for absent and for unknown", () => {
    const lenient = { ...days, null: "zeros", absent: { default: "Tuesday" }, unknown: "nan" };
    expect([null, undefined, "friday", "monday"].map((value) => read(lenient, value))).toEqual([
      NO_CATEGORY,
      1,
      NO_CATEGORY,
      0,
    ]);
  });

  it("refuses what is no text even where any text passes", () => {
    const lenient = { ...days, unknown: "zeros" };
    expect([5, true, [], {}].map((value) => read(lenient, value))).toEqual(Array(4).fill(allowedDays));
  });
});

describe("a text", () => {
  it.each([[""], ["nan"], ["Grüße 👋"], ["\u0000"], [" a "]])("is %j to the letter", (value) => {
    expect(read({ type: "text" }, value)).toBe(value);
  });

  it.each([[5], [true], [null], [undefined], [["a"]], [{}], ["\ud800"], ["a\udc00b"]])("is never %j", (value) => {
    expect(read({ type: "text" }, value)).toEqual({ allowed: "a text" });
  });

  it("has a rule each for null and for absent", () => {
    const input = { type: "text", null: { default: "" }, absent: { default: "none" } };
    expect([null, undefined, "x"].map((value) => read(input, value))).toEqual(["", "none", "x"]);
  });
});

describe("a number with words", () => {
  const sex = { type: "number", map: { male: 1, female: 0, "": -1 }, max: 100 };

  it("is a number, or one of those texts to the letter", () => {
    expect(["male", "female", "", 7, "7.5"].map((value) => read(sex, value))).toEqual([1, 0, -1, 7, 7.5]);
  });

  it("names them where it refuses another", () => {
    const allowed = 'a number, or a string that holds one, at most 100, or one of "male", "female", ""';
    expect(["Male", "constructor", null, 101].map((value) => read(sex, value))).toEqual(Array(4).fill({ allowed }));
  });

  it("names the first of very many", () => {
    const map = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`w${i}`, i]));
    const cell = read({ type: "integer", map }, "x") as { allowed: string };
    expect(cell.allowed).toMatch(
      /^a whole number, or a string that holds one, or one of "w0", .*"w29", … \(500 in all\)$/,
    );
  });
});

it("an ignored input is nan, whatever it holds", () => {
  expect([undefined, null, 5, "x", {}, []].map((value) => read({ type: "ignored" }, value))).toEqual(
    Array(6).fill(NaN),
  );
});

it("sorts every type into the tensor its column belongs to", () => {
  const tensors = ["number", "integer", "boolean", "currency", "percent", "text"].map((type) =>
    tensorOf(inputSchema.parse({ type })),
  );
  expect(tensors).toEqual(["numbers", "numbers", "numbers", "numbers", "numbers", "texts"]);
  expect(tensorOf(inputSchema.parse({ type: "category", values: ["a"] }))).toBe("codes");
  const dated = ["date", "time", "datetime", "ignored"].map((type) => tensorOf(inputSchema.parse({ type })));
  expect(new Set(dated)).toEqual(new Set(["numbers"]));
});
