import fc from "fast-check";
import { z } from "zod";

import { type Input, inputSchema } from "../bundle/input-types";
import { Problem, problemBody } from "../problems";
import { pointerToken } from "./faults";
import type { Rows } from "./row-reader";
import { createRowValidator, type RowValidator } from "./validate-rows";

const inputsOf = (written: Record<string, unknown>): Map<string, Input> =>
  new Map(Object.entries(written).map(([name, input]) => [name, inputSchema.parse(input)]));

function validator(written: Record<string, unknown>, rules: { extra?: "ignore"; maxRows?: number } = {}): RowValidator {
  return createRowValidator({ inputs: inputsOf(written), extra: "error", maxRows: 10, ...rules });
}

const list = (rows: readonly unknown[], ignored: string[] = []): Rows => ({
  rows,
  pointerOf: (row) => `#/${row}`,
  ignored: new Set(ignored),
});

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("no problem was found");
}

const faultsOf = (validate: RowValidator, rows: Rows): string[] =>
  problemOf(() => validate(rows)).members.faults?.map(({ pointer, detail }) => `${pointer} ${detail}`) ?? [];

const MIXED = {
  x1: { type: "number", null: "nan" },
  day: { type: "category", values: ["mon", "tue"] },
  review: { type: "text" },
  x2: { type: "percent" },
  month: { type: "category", values: [1, 12] },
};
const ROW = { x1: 1.5, day: "tue", review: "good", x2: "5%", month: 1 };

it("puts each cell in its place, whatever the order of the keys", () => {
  const second = { month: "12", x2: -0, review: "", day: "mon", x1: null };
  expect(validator(MIXED)(list([ROW, second]))).toEqual({
    columns: {
      rows: 2,
      numbers: Float64Array.of(1.5, 5, NaN, -0),
      codes: Int32Array.of(1, 0, 0, 1),
      texts: [["good", ""]],
    },
    unknownCategories: new Map(),
  });
});

it("names every fault of every row: where it is, what was received and what is allowed", () => {
  const rows = [
    { ...ROW, x1: "abc", day: "MON", x_2: 3 },
    { x1: [1], day: null, review: 5, x2: { a: 1 }, month: 13 },
    ROW,
    {},
  ];
  expect(faultsOf(validator(MIXED), list(rows))).toEqual([
    '#/0/x1 x1 is "abc"; allowed: a number, or a string that holds one.',
    '#/0/day day is "MON"; allowed: one of "mon", "tue".',
    '#/0/x_2 "x_2" is not an input of this model. Did you mean x2?',
    "#/1/x1 x1 is a list; allowed: a number, or a string that holds one.",
    '#/1/day day is null; allowed: one of "mon", "tue".',
    "#/1/review review is 5; allowed: a text.",
    '#/1/x2 x2 is an object; allowed: a number, or a percentage such as "36.29%".',
    "#/1/month month is 13; allowed: one of 1, 12.",
    "#/3/x1 x1 is missing; allowed: a number, or a string that holds one.",
    '#/3/day day is missing; allowed: one of "mon", "tue".',
    "#/3/review review is missing; allowed: a text.",
    '#/3/x2 x2 is missing; allowed: a number, or a percentage such as "36.29%".',
    "#/3/month month is missing; allowed: one of 1, 12.",
  ]);
});

it("makes one problem of them, which says how many they are", () => {
  const problem = problemOf(() =>
    validator(MIXED)(
      list([
        { ...ROW, x1: "a" },
        { ...ROW, x2: "b" },
      ]),
    ),
  );
  expect([problem.problemName, problem.status, problem.message]).toEqual([
    "invalid-rows",
    422,
    "2 faults in 2 rows; nothing was predicted. Mend what errors lists: each says what was received and what is allowed.",
  ]);
  const alone = problemOf(() => validator(MIXED)(list([{ ...ROW, x1: "a" }])));
  expect(alone.message).toMatch(/^1 fault in 1 row; /);
});

it.each([
  [null, "null"],
  [5, "5"],
  ["text", '"text"'],
  [true, "true"],
  [[ROW], "a list"],
])("a row must be an object, not %j", (row, shown) => {
  expect(faultsOf(validator(MIXED), list([ROW, row]))).toEqual([
    `#/1 The row is ${shown}; it must be an object of columns.`,
  ]);
});

it("there must be a row", () => {
  expect(faultsOf(validator(MIXED), list([]))).toEqual(["# There is no row: send at least one."]);
});

it("there must not be more rows than the bundle takes", () => {
  const validate = validator(MIXED, { maxRows: 2 });
  expect(validate(list([ROW, ROW])).columns.rows).toBe(2);
  const problem = problemOf(() => validate(list([ROW, ROW, {}])));
  expect([problem.status, problem.message]).toEqual([
    413,
    "The call has 3 rows; at most 2 are taken. Send them in more calls, or raise limits.rows in model.yaml.",
  ]);
});

describe("a column that the model does not know", () => {
  it("is a fault that names the nearest it may mean", () => {
    expect(faultsOf(validator({ income: { type: "number" } }), list([{ income: 1, incom: 2, zzz: 3 }]))).toEqual([
      '#/0/incom "incom" is not an input of this model. Did you mean income?',
      '#/0/zzz "zzz" is not an input of this model. Remove it.',
    ]);
  });

  it("passes where the manifest lets it, or the contract has it for its own", () => {
    const row = { ...ROW, target: true };
    expect(validator(MIXED, { extra: "ignore" })(list([row])).columns.rows).toBe(1);
    expect(validator(MIXED)(list([row], ["target"])).columns.rows).toBe(1);
    expect(faultsOf(validator(MIXED), list([row, { ...row, other: 1 }], ["target"]))).toEqual([
      '#/1/other "other" is not an input of this model. Remove it.',
    ]);
  });

  it("is found even where an absent one makes the count right", () => {
    const validate = validator({ a: { type: "number", absent: "nan" }, b: { type: "number" } });
    expect(faultsOf(validate, list([{ b: 1, zzzz: 2 }]))).toEqual([
      '#/0/zzzz "zzzz" is not an input of this model. Remove it.',
    ]);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "__defineGetter__"])(
    "may be called %s",
    (name) => {
      const row: unknown = JSON.parse(`{"a": 1, ${JSON.stringify(name)}: 2}`);
      expect(faultsOf(validator({ a: { type: "number" } }), list([row]))).toEqual([
        `#/0/${name} "${name}" is not an input of this model. Remove it.`,
      ]);
    },
  );
});

describe.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])("an input called %s", (name) => {
  const inputs = new Map([[name, inputSchema.parse({ type: "number" })]]);
  const validate = createRowValidator({ inputs, extra: "error", maxRows: 10 });

  it("is read as any other", () => {
    const row: unknown = JSON.parse(`{${JSON.stringify(name)}: 2}`);
    expect(validate(list([row])).columns.numbers).toEqual(Float64Array.of(2));
  });

  it("is missing where the row has it not", () => {
    expect(faultsOf(validate, list([{}]))).toEqual([
      `#/0/${name} ${name} is missing; allowed: a number, or a string that holds one.`,
    ]);
  });
});

it.each([
  ["x/y", "x~1y"],
  ["x~y", "x~0y"],
  ["~1", "~01"],
  ["50%", "50%25"],
  ["größe", "gr%C3%B6%C3%9Fe"],
  ["a b", "a%20b"],
  ['"', "%22"],
  ["\ud800", "%EF%BF%BD"],
  ["", ""],
])("a pointer writes %j as %s", (key, token) => {
  expect(pointerToken(key)).toBe(token);
  expect(faultsOf(validator({}), list([{ [key]: 1 }]))[0]?.split(" ")[0]).toBe(`#/0/${token}`);
});

it("shows no more of a value than a line, and never walks into it", () => {
  const deep: unknown = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
  expect(
    faultsOf(validator({ a: { type: "number" }, b: { type: "text" } }), list([{ a: "x".repeat(1e6), b: deep }])),
  ).toEqual([
    `#/0/a a is "${"x".repeat(80)}"…; allowed: a number, or a string that holds one.`,
    "#/0/b b is a list; allowed: a text.",
  ]);
});

it("lists 100 faults and counts the rest, within 64 KB", () => {
  const validate = validator(MIXED, { maxRows: 10_000 });
  const problem = problemOf(() => validate(list(Array.from({ length: 10_000 }, () => ({})))));
  expect([problem.members.faults?.length, problem.members.faultCount]).toEqual([100, 50_000]);
  const body = problemBody(problem, "id");
  const parsed = JSON.parse(body) as { errors: unknown[]; errors_not_listed: number };
  expect([parsed.errors.length, parsed.errors_not_listed]).toEqual([100, 49_900]);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(64 * 1024);
});

it("counts the rows whose category is unknown, where that passes; null and absent are no such", () => {
  const inputs = {
    a: { type: "category", values: ["x"], unknown: "zeros", null: "zeros", absent: "zeros" },
    b: { type: "category", values: ["x"], unknown: "nan" },
    c: { type: "category", values: ["x"] },
  };
  const rows = [
    { a: "?", b: "?", c: "x" },
    { a: "x", b: "!", c: "x" },
    { a: null, b: "x", c: "x" },
    { b: "x", c: "x" },
  ];
  const { columns, unknownCategories } = validator(inputs)(list(rows));
  expect(columns.codes).toEqual(Int32Array.of(-1, -1, 0, 0, -1, 0, -1, 0, 0, -1, 0, 0));
  expect(unknownCategories).toEqual(
    new Map([
      ["a", 1],
      ["b", 2],
    ]),
  );
});

describe("its verdict is zod's", () => {
  const finite = (text: string): boolean => Number.isFinite(Number(text));
  const numberText = z
    .string()
    .regex(/^\s*[+-]?(\d+|\d+\.\d*|\.\d+)([eE][+-]?\d+)?\s*$/)
    .refine(finite);
  const wholeText = z
    .string()
    .regex(/^\s*[+-]?\d+\s*$/)
    .refine((text) => Number.isSafeInteger(Number(text)));
  const missing = z.union([z.null(), z.string().regex(/^\s*(nan)?\s*$/i)]);
  const schema = z.strictObject({
    x1: z.union([z.number(), numberText, missing]),
    whole: z.union([z.int(), wholeText]).optional(),
    flag: z.union([z.boolean(), z.literal([0, 1, "true", "false"])]),
    day: z.enum(["mon", "tue"]),
    month: z.union([z.literal([1, 12]), z.string().regex(/^\s*\+?0*(1|12)\s*$/), z.null()]),
    review: z.string().refine((text) => text.isWellFormed()),
    limited: z.union([z.number(), numberText.transform(Number)]).pipe(z.number().min(0).max(10)),
  });
  const validate = validator({
    x1: { type: "number", null: "nan" },
    whole: { type: "integer", absent: { default: 3 } },
    flag: { type: "boolean" },
    day: { type: "category", values: ["mon", "tue"] },
    month: { type: "category", values: [1, 12], null: "zeros" },
    review: { type: "text" },
    limited: { type: "number", min: 0, max: 10 },
  });

  const cell = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<unknown>(1, 12, "1", "mon", "tue", true, "true", 5, "5", " 7 ", "012") },
    fc.constantFrom<unknown>(null, "", "nan", " NaN ", "Mon", "x", 1.5, -0, 10, 10.5, "1e999", "1.", ".5", ".", "0x1"),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.maxSafeInteger().map(String),
    fc.string({ unit: "binary" }),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const good = { x1: 1, flag: true, day: "mon", month: 1, review: "r", limited: 5 };
  const row = fc.oneof(
    fc.record(
      { x1: cell, whole: cell, flag: cell, day: cell, month: cell, review: cell, limited: cell, extra: cell },
      { requiredKeys: [] },
    ),
    // one cell apart from good, so that good verdicts are no rarity
    fc.tuple(fc.constantFrom(...Object.keys(schema.shape)), cell).map(([name, value]) => ({ ...good, [name]: value })),
    fc.jsonValue({ maxDepth: 1 }),
  );

  it("on random rows: the same rows pass, and of the others the same cells are named", () => {
    let passed = 0;
    fc.assert(
      fc.property(row, (sent) => {
        const verdict = schema.safeParse(sent);
        if (verdict.success) {
          passed += 1;
          validate(list([sent]));
          return;
        }
        const cells = verdict.error.issues.flatMap((issue) =>
          issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0] ?? "")],
        );
        const problem = problemOf(() => validate(list([sent])));
        const named = problem.members.faults?.map(({ pointer }) => decodeURIComponent(pointer.slice(4)));
        expect(named?.toSorted()).toEqual(
          [...new Set(cells)].map((name) => name.replaceAll("~", "~0").replaceAll("/", "~1")).toSorted(),
        );
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(200);
  });
});

it("a date fills a column for each of its parts, between the columns beside it", () => {
  const validate = validator({
    a: { type: "number" },
    when: { type: "datetime", parts: ["hour", "weekday"], null: "nan" },
    old: { type: "ignored" },
    b: { type: "number" },
  });
  const rows = [
    { a: 1, when: "2024-05-17T09:30", b: 2 },
    { a: 3, when: null, old: { any: "thing" }, b: 4 },
  ];
  expect(validate(list(rows)).columns.numbers).toEqual(Float64Array.of(1, 9, 4, NaN, 2, 3, NaN, NaN, NaN, 4));
  expect(faultsOf(validate, list([{ a: 1, when: "soon", b: 2 }]))).toEqual([
    '#/0/when when is "soon"; allowed: a time such as "2024-05-17T09:30:00".',
  ]);
});

describe("a row that has few of very many inputs", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, i) => [`x${i}`, { type: "number", absent: { default: i === 7 ? 0.5 : 0 } }]),
  );
  const inputs = {
    id: { type: "integer" },
    ...wide,
    day: { type: "category", values: ["mon", "tue"], absent: { default: "tue" }, unknown: "zeros" },
    note: { type: "text", absent: { default: "none" } },
    word: { type: "text", absent: { default: "" } },
  };
  const validate = validator(inputs);

  it("is read as one that has them all", () => {
    const sparse = [
      { id: 1, x2999: "7" },
      { x0: -0, id: 2, word: "w" },
      { id: 3, day: "mon" },
    ];
    const whole = sparse.map((row) => ({
      ...Object.fromEntries(Object.keys(wide).map((name) => [name, name === "x7" ? 0.5 : 0])),
      ...{ day: "tue", note: "none", word: "", ...row },
    }));
    const read = validate(list(sparse));
    expect(read).toEqual(validate(list(whole)));
    expect(Object.is(read.columns.numbers[3001 + 1], -0)).toBe(true);
    expect(read.columns.texts).toEqual([
      ["none", "none", "none"],
      ["", "w", ""],
    ]);
  });

  it("has the same faults, and the same unknown categories", () => {
    const rows = [
      { x1: "a", x3000: 1 },
      { id: 1, x9: 2, __proto: 1 },
    ];
    expect(faultsOf(validate, list(rows))).toEqual([
      "#/0/id id is missing; allowed: a whole number, or a string that holds one.",
      '#/0/x1 x1 is "a"; allowed: a number, or a string that holds one.',
      '#/0/x3000 "x3000" is not an input of this model. Did you mean x300?',
      '#/1/__proto "__proto" is not an input of this model. Remove it.',
    ]);
    expect(validate(list([{ id: 1, day: "sun" }])).unknownCategories).toEqual(new Map([["day", 1]]));
  });
});
