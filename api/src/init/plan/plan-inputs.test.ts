import { chain, noAnswers, numbers, place } from "../../../test/hand-made-inspection";
import type { InputFact } from "../../inspect/inspection";
import type { Answers } from "../answers";
import type { Sample } from "../sample/read-sample";
import { doubtsThatHold } from "./doubts";
import { type InputsWanted, planInputs } from "./plan-inputs";

const sampleOf = (rows: Sample["rows"], isPositional = false): Sample => ({
  file: "rows.csv",
  rows,
  columns: Object.keys(rows[0] ?? {}),
  isPositional,
});

const plan = (
  inputs: readonly InputFact[],
  given: Partial<InputsWanted["chain"]> & { sample?: Sample; lists?: InputsWanted["lists"] } = {},
  answers: Partial<Answers> = {},
) =>
  planInputs({
    chain: chain({ predictor: place("model.pkl"), inputs, ...given }),
    answers: { ...noAnswers, ...answers },
    sample: given.sample,
    lists: given.lists ?? new Map(),
  });

const entries = (planned: ReturnType<typeof planInputs>) => planned.inputs.map(({ name, entry }) => [name, entry]);

const fact = (given: Partial<InputFact>): InputFact => ({
  name: "c",
  place: 0,
  type: "unknown",
  nullable: false,
  ...given,
});

describe("the names of columns", () => {
  it("are the artifact's own", () => {
    expect(plan(numbers(["age", "income"])).inputs.map(({ name }) => name)).toEqual(["age", "income"]);
  });

  it("come from a side file, from flags or from the sample where the artifact has none", () => {
    const bare = numbers([undefined, undefined]);
    const names = { from: "features.pkl", names: ["a", "b"] };
    expect(plan(bare, { names })).toMatchObject({
      inputs: [{ name: "a" }, { name: "b" }],
      notes: ["The names of the columns come from features.pkl."],
    });
    expect(plan(bare, { names }, { columns: ["c", "d"] }).inputs).toMatchObject([{ name: "c" }, { name: "d" }]);
    expect(plan(bare, { sample: sampleOf([{ e: 1, f: 2 }]) }).inputs).toMatchObject([{ name: "e" }, { name: "f" }]);
    const inputs = [{ pattern: "x{1..2}", entry: "integer" }];
    expect(entries(plan(bare, {}, { inputs }))).toEqual([
      ["x1", { type: "integer" }],
      ["x2", { type: "integer" }],
    ]);
  });

  it("are x0, x1, … where nothing knows them, and that is told", () => {
    const planned = plan(numbers([undefined, undefined]));
    expect(planned.inputs.map(({ name }) => name)).toEqual(["x0", "x1"]);
    expect(planned.notes).toEqual([
      "No file names the 2 columns: they are called x0 to x1, in the order of the training (--columns a,b,c names them).",
    ]);
    expect(plan([fact({ name: undefined, type: "text" })]).inputs).toEqual([{ name: "text", entry: { type: "text" } }]);
  });

  it("must be as many as the columns", () => {
    expect(() => plan(numbers([undefined]), {}, { columns: ["a", "b"] })).toThrow(
      "--columns names 2 columns, the model takes 1.",
    );
    const sample = sampleOf([{ a: 1, b: 2, target: 0 }]);
    expect(() => plan(numbers([undefined, undefined]), { sample })).toThrow(
      "The model takes 2 columns without names, rows.csv has 3: a, b, target.",
    );
  });

  it("are made different where a DataFrame had one twice, and lose braces", () => {
    const planned = plan(numbers(["a", "a", "b{1,2}", "{c}"]));
    expect(planned.inputs.map(({ name }) => name)).toEqual(["a", "a_2", "b(1,2)", "{c}"]);
  });
});

describe("the types of columns", () => {
  it("are what the encoders know", () => {
    const planned = plan([
      fact({ name: "sex", type: "category", categories: ["female", "male"] }),
      fact({ name: "class", type: "category", categories: [1, 2, 3], nullable: true }),
      fact({ name: "half", type: "category", categories: [0.5, 1] }),
      fact({ name: "port", type: "category", categories: ["C", null] }),
      fact({ name: "flag", type: "category", categories: [false, true] }),
      fact({ name: "mixed", type: "category", categories: ["a", 1] }),
      fact({ name: "gone", type: "unused" }),
      fact({ name: "note", type: "text" }),
      fact({ name: "number", type: "number", nullable: true }),
    ]);
    expect(entries(planned)).toEqual([
      ["sex", { type: "category", values: ["female", "male"] }],
      ["class", { type: "category", values: [1, 2, 3], null: "nan" }],
      ["half", { type: "number" }],
      ["port", { type: "category", values: ["C"], null: "nan" }],
      ["flag", { type: "boolean" }],
      ["mixed", { type: "category", values: ["a", "1"] }],
      ["gone", { type: "ignored" }],
      ["note", { type: "text" }],
      ["number", { type: "number", null: "nan" }],
    ]);
  });

  it("of a LabelEncoder take its texts, and the numbers that stand for them", () => {
    const encoders = [
      { ...place("encoders.pkl", "city"), column: "city", classes: ["Oslo", "Rome"] },
      { ...place("encoders.pkl", "size"), column: "size", classes: [10, 20] },
    ];
    expect(entries(plan(numbers(["city", "size"]), { encoders }))).toEqual([
      ["city", { type: "number", map: { Oslo: 0, Rome: 1 } }],
      ["size", { type: "number" }],
    ]);
  });

  it("are what the sample shows where the artifact does not know", () => {
    const rows = [
      { price: "$5,547.78", share: "36.29%", n: "1.5", day: "mon", ok: "True", memo: "a longer text", extra: 1 },
      { price: null, share: "1%", n: "2", day: "tue", ok: "False", memo: "another", extra: 2 },
      { price: "3", share: "1%", n: "2", day: "mon", ok: "False", memo: "and another", extra: 2 },
      { price: "3", share: "1%", n: "2", day: "mon", ok: "False", memo: "one more", extra: 2 },
    ];
    const inputs = ["price", "share", "n", "day", "ok", "memo"].map((name, place) => fact({ name, place }));
    const planned = plan(inputs, { sample: sampleOf(rows) });
    expect(entries(planned)).toEqual([
      ["price", { type: "currency", null: "nan" }],
      ["share", { type: "percent" }],
      ["n", { type: "number" }],
      ["day", { type: "category", values: ["mon", "tue"] }],
      ["ok", { type: "boolean" }],
      ["memo", { type: "text" }],
    ]);
    expect(planned.notes).toEqual(["Of rows.csv, extra is left out: the model does not take it."]);
  });

  it("are not guessed where the sample has texts for what the model wants as a number", () => {
    const rows = [{ sex: "male" }, { sex: "female" }, { sex: "male" }, { sex: "male" }];
    expect(() => plan(numbers(["sex"]), { sample: sampleOf(rows) })).toThrow(
      `--input 'sex={type: number, map: {"female": 0, "male": 1}}'`,
    );
  });

  it("are what a person says, above all", () => {
    const inputs = [{ pattern: "a", entry: { type: "percent", null: "nan" } }];
    expect(entries(plan(numbers(["a", "b"]), {}, { inputs }))).toEqual([
      ["a", { type: "percent", null: "nan" }],
      ["b", { type: "number" }],
    ]);
    expect(() => plan(numbers(["a"]), {}, { inputs: [{ pattern: "z", entry: "text" }] })).toThrow(
      "--input z: the model has no such column. Its columns are a.",
    );
  });
});

describe("columns that were made one-hot by hand", () => {
  const names = ["OPERA_Gol", "OPERA_Sky", "MES_1", "MES_2"];
  const lists = new Map<string, (string | number)[]>([["MES", [1, 2]]]);

  it("are asked for as they were before, in the order of the names", () => {
    const planned = plan(numbers(names), { lists }, { oneHot: ["OPERA", "MES"] });
    expect(entries(planned)).toEqual([
      ["OPERA", { type: "category", values: ["Gol", "Sky"] }],
      ["MES", { type: "category", values: [1, 2] }],
    ]);
    expect(planned.oneHot?.select).toBeUndefined();
  });

  it("are picked where the model knows others, or another order", () => {
    const select = { ...place("vars.pkl"), names: ["day_tue", "x1", "day_mon"] };
    const sample = sampleOf([{ x0: 1, x1: 2, day: "sun" }]);
    const planned = plan(numbers(["x0", "x1"]), { select, sample }, { oneHot: ["day"] });
    expect(planned.inputs.map(({ name }) => name)).toEqual(["x0", "x1", "day"]);
    expect(planned.oneHot).toMatchObject({ select: ["day_tue", "x1", "day_mon"] });
    expect(planned.oneHot?.values.get("day")).toEqual(["tue", "mon", "sun"]);
  });

  it("must be among the names", () => {
    expect(() => plan(numbers(names), {}, { oneHot: ["DIA"] })).toThrow("no column of the model begins with DIA_.");
  });
});

describe("what was not sure", () => {
  const planned = (inputs: readonly InputFact[], answers: Partial<Answers> = {}) => plan(inputs, {}, answers);
  const number = (name: string | undefined, place: number): InputFact => ({
    ...{ name, place, type: "number", nullable: false },
  });

  it("names that a pattern would be made of are told with what they became", () => {
    const { inputs, notes } = planned([number("size{1,2}", 0), number("a.b", 1)]);
    expect(inputs.map(({ name }) => name)).toEqual(["size(1,2)", "a.b"]);
    expect(notes).toEqual([
      "Names that a row or model.yaml cannot have are others here, for callers as well: size{1,2} is size(1,2).",
    ]);
  });

  it("that no file names the columns is not said where a person did, in the very words", () => {
    const given = [number(undefined, 0), number(undefined, 1)];
    expect(planned(given, { columns: ["x0", "x1"] }).notes).toEqual(["The names of the columns come from --columns."]);
  });

  it("categories that are taken by their codes are texts where the file has them, else codes, until somebody says", () => {
    const coded = { ...number("kind", 0), type: "category" as const, coded: true as const };
    expect(planned([{ ...coded, categories: ["p", "q"] }]).inputs[0]?.entry).toEqual({
      type: "number",
      map: { p: 0, q: 1 },
    });
    const { inputs, notes } = planned([coded]);
    expect(inputs[0]?.entry).toEqual({ type: "number" });
    expect(notes).toEqual([
      "Of kind the file has the codes of categories alone: callers send these, unless you say --input 'kind={type: number, map: {TEXT: 0, …}}', in the order of the training's categories.",
    ]);
    const entry = { type: "number", map: { p: 0, q: 1 } };
    expect(planned([coded], { inputs: [{ pattern: "kind", entry }] }).notes).toEqual([]);
  });

  it("of values that names alone tell, nothing is said once a person or the sample has told them", () => {
    const doubts = ["Of city only the values are known that the model looks at: a and b."];
    const doubted = chain({ predictor: place("model.pkl"), inputs: [], doubts });
    const holding = (inputs: Answers["inputs"]) =>
      doubtsThatHold({ chain: doubted, sample: undefined, answers: { ...noAnswers, inputs } });
    expect(holding([])).toEqual(doubts);
    expect(holding([{ pattern: "city", entry: "category" }])).toEqual([]);
  });
});
