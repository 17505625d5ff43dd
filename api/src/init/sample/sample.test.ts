import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { numbers } from "../../../test/hand-made-inspection";
import { categoryLists } from "./category-lists";
import { checkLength, compareExpected, readExpected } from "./expected";
import { madeUpRows } from "./made-up-rows";
import { readSample } from "./read-sample";
import { rowsOfSample } from "./sample-rows";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-sample-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("rows", () => {
  it("are read from a csv, whatever stands between its cells", () => {
    const rows = [
      { a: "1", "b c": "x;y" },
      { a: null, "b c": 'q"' },
    ];
    expect(readSample(write("a.csv", '\ufeff,a,b c\n0,1,x;y\n1,,"q"""\n')).rows).toEqual(rows);
    expect(readSample(write("b.csv", "a;b\n1,5;2\n")).rows).toEqual([{ a: "1,5", b: "2" }]);
    expect(readSample(write("c.tsv", "a\tb\n1\t2\n")).columns).toEqual(["a", "b"]);
  });

  it("are read from every usual kind of JSON", () => {
    const rows = [{ a: 1 }, { a: 2 }];
    const texts = [
      JSON.stringify(rows),
      '{"a":1}\n{"a":2}\n',
      '{"rows":[{"a":1}]}\n{"ok":false,"rows":[{"a":9}]}\n{"request":{"a":2}}',
    ];
    for (const text of texts) expect(readSample(write("a.json", text)).rows).toEqual(rows);
    expect(readSample(write("b.json", "[[1,2],[3,4]]"))).toMatchObject({
      rows: [
        { 0: 1, 1: 2 },
        { 0: 3, 1: 4 },
      ],
      isPositional: true,
    });
    expect(readSample(write("c.json", '["one text","another"]')).rows).toEqual([{ 0: "one text" }, { 0: "another" }]);
  });

  it("that are none are told with their file", () => {
    expect(() => readSample(join(folder, "gone.csv"))).toThrow("gone.csv is not there.");
    expect(() => readSample(write("a.csv", "a,b\n1\n"))).toThrow("a.csv is no CSV");
    expect(() => readSample(write("a.json", '{"a":'))).toThrow("a.json, line 1");
    expect(() => readSample(write("b.json", "[]"))).toThrow("b.json holds no row.");
    expect(() => readSample(folder)).toThrow("is a folder.");
  });

  it("that were saved otherwise are told how to save them", () => {
    const latin = write("latin.csv", "");
    writeFileSync(latin, Buffer.from("name\nM\xfcller\n", "latin1"));
    expect(() => readSample(latin)).toThrow("latin.csv is not UTF-8. Save it as UTF-8.");
    expect(() => readSample(write("rows.npy", "\x93NUMPY\x01\0"))).toThrow(
      "rows.npy is no text. --sample takes a csv, json or jsonl file: save it as one.",
    );
    for (const text of ['{"age":{"0":1,"1":2}}', '{"age":[1,2]}'])
      expect(() => readSample(write("a.json", text))).toThrow(
        'a.json holds columns, not rows. Write rows: in pandas df.to_json(path, orient="records").',
      );
    for (const text of ['[{"a": NaN, "b": "x"}]', '[\n  {\n  "a": -Infinity\n  }\n]'])
      expect(() => readSample(write("a.json", text))).toThrow(/^a\.json has (NaN|-Infinity), as Python writes it/);
    expect(() => readSample(write("a.json", '{"a": "say NaN, please"'))).toThrow("a.json, line 1: ");
  });

  it("without a column that the model needs are told once", () => {
    const sample = readSample(write("a.csv", "Age (years),city\n1,Oslo\n2,Rome\n"));
    const inputs = [
      { name: "age", entry: { type: "number" } },
      { name: "city", entry: { type: "text" } },
      { name: "memo", entry: { type: "number", absent: "nan" } },
      { name: "id", entry: { type: "ignored" } },
    ];
    expect(() => rowsOfSample(sample, inputs)).toThrow("The sample has no column age; it has Age (years), city.");
    expect(() => rowsOfSample(readSample(write("a.json", "[[1]]")), inputs)).toThrow(
      "The sample's rows have 1 cells, the model takes 4.",
    );
  });

  it("become what callers send: the model's columns, numbers as numbers", () => {
    const sample = readSample(write("a.csv", "b,a,day,ok,id\n1.5,x,2,True,7\n"));
    const entries = { a: "text", b: "number", ok: "boolean" };
    const inputs = [
      ...Object.entries(entries).map(([name, type]) => ({ name, entry: { type } })),
      { name: "day", entry: { type: "category", values: [1, 2] } },
    ];
    expect(rowsOfSample(sample, inputs)).toEqual([{ a: "x", b: 1.5, ok: true, day: 2 }]);
  });
});

describe("made-up rows", () => {
  const facts = [
    {
      ...numbers(["age"])[0],
      name: "age",
      place: 0,
      type: "number" as const,
      nullable: false,
      range: [18, 90] as const,
    },
    { ...numbers(["sum"])[0], name: "sum", place: 1, type: "number" as const, nullable: true, typical: 1000 },
  ];
  const inputs = [
    { name: "age", entry: { type: "integer" } },
    { name: "sum", entry: { type: "number", null: "nan" } },
    { name: "day", entry: { type: "category", values: ["mon", "tue"] } },
    { name: "memo", entry: { type: "text" } },
    { name: "gone", entry: { type: "ignored" } },
  ];

  it("are as what was seen, the same ones every time, and the first is whole", () => {
    const rows = madeUpRows(inputs, facts, ["fine", "bad"]);
    expect(rows).toEqual(madeUpRows(inputs, facts, ["fine", "bad"]));
    expect(rows).toHaveLength(96);
    expect(Object.keys(rows[0] ?? {})).toEqual(["age", "sum", "day", "memo"]);
    expect(rows[0]?.["sum"]).not.toBeNull();
    for (const { age, sum, memo } of rows as { age: number; sum: number | null; memo: string }[]) {
      expect(Number.isInteger(age) && age >= 18 && age <= 90).toBe(true);
      expect(sum === null || (sum >= 500 && sum <= 1500)).toBe(true);
      expect(memo).toMatch(/^((fine|bad) ?){8}$/);
    }
  });

  it("of very many columns hold a few", () => {
    const wide = Array.from({ length: 5000 }, (_, i) => ({
      name: `x${i}`,
      entry: { type: "number", absent: { default: 0 } },
    }));
    expect(Object.keys(madeUpRows(wide, [], [])[0] ?? {}).length).toBeLessThan(30);
  });
});

describe("what is expected", () => {
  const predictions = [
    { prediction: 0, probability: 0.25, probabilities: [0.75, 0.25] },
    { prediction: 1, probability: 0.5, probabilities: [0.5, 0.5] },
  ];
  const compare = (values: readonly unknown[], header?: string) => compareExpected({ values, header }, predictions);
  const agreeing = (...outputs: string[]) => ({ findings: [], outputs });

  it("is read as values, lists or values by output", () => {
    const bare = (...values: unknown[]) => ({ values, header: undefined });
    expect(readExpected(write("a.json", "[0.25,0.5]"))).toEqual(bare(0.25, 0.5));
    const lines = '{"outputs":[{"p":1}]}\n{"ok":false}\n{"p":2}';
    expect(readExpected(write("a.jsonl", lines))).toEqual(bare({ p: 1 }, { p: 2 }));
    expect(readExpected(write("a.csv", "label\nyes\n1\n"))).toEqual({ values: ["yes", 1], header: "label" });
    expect(readExpected(write("d.csv", ",label\n0,yes\n1,1\n"))).toEqual({ values: ["yes", 1], header: "label" });
    expect(readExpected(write("b.csv", "0.5\n0.25\n"))).toEqual(bare(0.5, 0.25));
    expect(readExpected(write("c.csv", "a;b\n1;x\n"))).toEqual(bare({ a: 1, b: "x" }));
  });

  it("is of the output that it agrees with, within a billionth", () => {
    const pairs = [
      [0.75, 0.25],
      [0.5, 0.5],
    ];
    expect(compare([0.25, 0.5 + 1e-11])).toEqual(agreeing("probability"));
    expect(compare(["0", "1"])).toEqual(agreeing("prediction"));
    expect(compare(pairs)).toEqual(agreeing("probabilities"));
    expect(compare([{ probability: 0.25 }, { prediction: 1 }])).toEqual(agreeing("probability", "prediction"));
  });

  it("is of the output that its header names, though another agrees", () => {
    expect(compare([0, 1], "y")).toEqual(agreeing("prediction"));
    expect(compare([0, 1], "probability").findings.map(({ message }) => message)).toEqual([
      "Row 0: probability is 0.25, expected was 0.",
      "Row 1: probability is 0.5, expected was 1.",
    ]);
  });

  it("is told row by row where it is not", () => {
    const told = compare([0.25, 0.4]).findings;
    expect(told.map(({ message }) => message)).toEqual(["Row 1: probability is 0.5, expected was 0.4."]);
    const many = Array.from({ length: 12 }, () => ({ prediction: 1 }));
    const { findings } = compareExpected({ values: many.map(() => 2), header: undefined }, many);
    expect(findings.at(-1)?.message).toBe("12 values of 12 rows differ in all.");
  });

  it("has a value for each row of the sample, and names that outputs have", () => {
    const fifteen = { values: Array(1500).fill(1), header: undefined };
    expect(() => {
      checkLength(fifteen, 2000);
    }).toThrow("--expected has 1500 rows, --sample has 2000.");
    expect(() => compare([{ prediction: 0, predictoin: 1 }, { prediction: 1 }])).toThrow(
      "--expected, row 0 has predictoin: none of the outputs. The outputs are prediction, probability, probabilities.",
    );
    expect(() => compare([{ prediction: 0 }, {}])).toThrow("--expected, row 1 has nothing");
  });
});

it("lists of values beside the pickles are those of one kind", () => {
  write("categories.json", '{"MES": [1, 2], "OPERA": ["a"], "mixed": ["a", 1], "none": []}');
  write("names.json", '["a", "b"]');
  write("bad.json", "{");
  expect([...categoryLists(folder)]).toEqual([
    ["MES", [1, 2]],
    ["OPERA", ["a"]],
  ]);
});
