import { expandInputs } from "../bundle/inputs";
import { manifestSchema } from "../bundle/manifest";
import { imputedCells } from "./imputed";
import { createRowValidator } from "./validate-rows";

const inputsOf = (inputs: readonly (readonly [string, unknown])[]) => {
  const environment = { python: "3.9" };
  const steps = [{ predict: "model", output: "p" }];
  const whole = {
    name: "m",
    version: "1",
    environment,
    artifacts: { model: "m.pkl" },
    inputs,
    steps,
    outputs: { p: "p" },
  };
  return expandInputs(manifestSchema.parse(whole));
};

/** What is counted of these rows, read as a request's are. */
function counted(inputs: ReturnType<typeof inputsOf>, rows: readonly object[]): object | undefined {
  const validate = createRowValidator({ inputs, extra: "error", maxRows: 100 });
  const { columns, unknownCategories } = validate({ rows, pointerOf: () => "#", ignored: new Set() });
  const tally = imputedCells(inputs)?.();
  tally?.add(columns);
  return tally && Object.fromEntries(tally.counts(unknownCategories));
}

const mixed = inputsOf([
  ["age", { type: "number", null: "nan", absent: "nan" }],
  ["income", { type: "currency", null: "nan" }],
  ["born", { type: "date", null: "nan" }],
  ["country", { type: "category", values: ["de", "fr"], null: "zeros", unknown: "zeros" }],
  ["seen", { type: "ignored" }],
  ["visits", "integer"],
]);
const row = { age: 3, income: "$5", born: "2024-01-02", country: "de", seen: "x", visits: 1 };

it("counts cells that hold nothing, by input, however nothing is written", () => {
  const { age: _, ...withoutAge } = row;
  const rows = [row, withoutAge, { ...row, age: null, income: "" }, { ...row, born: null }, { ...row, country: null }];
  expect(counted(mixed, rows)).toEqual({ age: 2, income: 1, born: 1, country: 1 });
});

it("counts no cell that holds a value, an unknown category least of all", () => {
  expect(counted(mixed, [row, { ...row, country: "jp" }, { ...row, country: "jp" }])).toEqual({});
  expect(
    counted(mixed, [
      { ...row, country: "jp" },
      { ...row, country: null },
    ]),
  ).toEqual({ country: 1 });
});

it("adds up what comes in pieces", () => {
  const validate = createRowValidator({ inputs: mixed, extra: "error", maxRows: 100 });
  const tally = imputedCells(mixed)?.();
  for (let piece = 0; piece < 3; piece += 1)
    tally?.add(validate({ rows: [{ ...row, age: null }], pointerOf: () => "#", ignored: new Set() }).columns);
  expect(tally?.counts(new Map())).toEqual(new Map([["age", 3]]));
});

it("has nothing to look at where no input may hold nothing", () => {
  expect(
    imputedCells(
      inputsOf([
        ["visits", "integer"],
        ["seen", { type: "ignored" }],
      ]),
    ),
  ).toBeUndefined();
});
