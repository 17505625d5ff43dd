import { type Input, inputSchema } from "../bundle/input-types";
import { createRowValidator } from "../rows/validate-rows";
import { proofRows } from "./proof-rows";

const inputsOf = (written: Record<string, unknown>): Map<string, Input> =>
  new Map(Object.entries(written).map(([name, input]) => [name, inputSchema.parse(input)]));

const MIXED = inputsOf({
  x: { type: "number", null: "nan" },
  age: { type: "integer", min: 18, max: 90 },
  flag: { type: "boolean" },
  price: { type: "currency", min: 1 },
  share: { type: "percent", max: 0 },
  day: { type: "category", values: ["mon", "tue", "wed"] },
  review: { type: "text" },
});

const valid = (inputs: Map<string, Input>, rows: readonly unknown[]): number =>
  createRowValidator({ inputs, extra: "error", maxRows: 10_000 })({ rows, pointerOf: String, ignored: new Set() })
    .columns.rows;

it("are made up where none is given: rows that the model takes, the same ones every time", () => {
  const rows = proofRows([], MIXED);
  expect(rows.length).toBeGreaterThanOrEqual(128);
  expect(valid(MIXED, rows)).toBe(rows.length);
  expect(proofRows([], MIXED)).toEqual(rows);
  expect(rows.some((row) => row["x"] === null)).toBe(true);
});

it("are those given, first and in order, and as many mixed ones as make 64", () => {
  const given = [1, 2, 3].map((x) => ({
    x,
    age: 20 + x,
    flag: true,
    price: 5,
    share: -1,
    day: "mon",
    review: `r${x}`,
  }));
  const rows = proofRows(given, MIXED);
  expect(rows.slice(0, 3)).toEqual(given);
  expect(rows.length).toBe(64 + 2); // and one each for tuesday and wednesday
  expect(valid(MIXED, rows)).toBe(rows.length);
  for (const row of rows) expect([1, 2, 3]).toContain(row["x"]);
  expect(new Set(rows.map((row) => row["day"]))).toEqual(new Set(["mon", "tue", "wed"]));
});

it("leave a cell absent where every given row does", () => {
  const inputs = inputsOf({ x: { type: "number", absent: "nan" }, y: { type: "number" } });
  for (const row of proofRows([{ y: 1 }], inputs)) expect(row).toEqual({ y: 1 });
});

it("are all combinations where there are categories alone and few of them, whatever is given", () => {
  const inputs = inputsOf({
    airline: { type: "category", values: Array.from({ length: 23 }, (_, i) => `a${i}`) },
    kind: { type: "category", values: ["I", "N"] },
    month: { type: "category", values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
  });
  const rows = proofRows([{ airline: "a0", kind: "I", month: 1 }], inputs);
  expect(rows.length).toBe(552);
  expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(552);
  expect(valid(inputs, rows)).toBe(552);
});

it("have every value among them where combinations are too many", () => {
  const values = Array.from({ length: 70 }, (_, i) => `v${i}`);
  const inputs = inputsOf({ a: { type: "category", values }, b: { type: "category", values } });
  const rows = proofRows([], inputs);
  expect(rows.length).toBeLessThan(300);
  expect(["a", "b"].map((name) => new Set(rows.map((row) => row[name])).size)).toEqual([70, 70]);
});

it("are made up for dates as they are written, and for what is ignored", () => {
  const inputs = inputsOf({
    born: { type: "date" },
    at: { type: "time" },
    seen: { type: "datetime" },
    paid: { type: "date", format: "%d/%m/%Y" },
    old: { type: "ignored" },
  });
  const rows = proofRows([], inputs);
  expect(valid(inputs, rows)).toBe(128);
  expect(new Set(rows.map((row) => row["paid"])).size).toBeGreaterThan(120);
});

describe("of very many inputs that may be absent", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 300_000 }, (_, i) => [`x${i}`, { type: "number", absent: { default: 0 } }]),
  );
  const inputs = inputsOf({ id: { type: "integer" }, ...wide });

  it("have some, and are as few as fit into the memory", () => {
    const rows = proofRows([], inputs);
    expect(rows.length).toBe(111);
    for (const row of rows) expect(Object.keys(row).length).toBeLessThan(26);
    for (const row of rows) expect(Number.isInteger(row["id"])).toBe(true);
  });

  it("are mixed of those that are given", () => {
    const given = [{ id: 1, x5: 1 }, { id: 2, x7: 3 }, { id: 3 }];
    const rows = proofRows(given, inputs);
    expect(rows.length).toBe(64);
    expect(rows.slice(0, 3)).toEqual(given);
    expect(new Set(rows.flatMap((row) => Object.keys(row)))).toEqual(new Set(["id", "x5", "x7"]));
  });
});
