import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Made, objects, pickle, sklearn, tuple } from "../../../test/make-pickle";
import { inspectFile } from "../inspect-file";
import type { InputFact } from "../inspection";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-binned-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function facts(made: Made): Promise<readonly InputFact[]> {
  const file = join(folder, "model.pkl");
  writeFileSync(file, pickle(made));
  const { thing } = await inspectFile(file);
  if (thing?.kind !== "estimator") throw new Error(`no estimator: ${JSON.stringify(thing)}`);
  return thing.inputs;
}

const boosting = (state: Readonly<Record<string, Made>>): Made =>
  sklearn("ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor", {
    n_features_in_: 4,
    feature_names_in_: objects(["age", "city", "income", "rooms"]),
    ...state,
  });
const preprocessor = sklearn("compose._column_transformer.ColumnTransformer", {
  transformers_: [
    tuple(
      "encoder",
      sklearn("preprocessing._encoders.OrdinalEncoder", {
        categories_: [objects(["Oslo", "Rome"]), objects([1, 2, 4])],
      }),
      [false, true, false, true],
    ),
    tuple("numerical", sklearn("preprocessing._function_transformer.FunctionTransformer", {}), [
      true,
      false,
      true,
      false,
    ]),
  ],
});

it("categories that a HistGradientBoosting numbers itself are those of the columns they stand in", async () => {
  expect(await facts(boosting({ _preprocessor: preprocessor }))).toEqual([
    { name: "age", place: 0, type: "number", nullable: true },
    { name: "city", place: 1, type: "category", nullable: true, categories: ["Oslo", "Rome"], unknown: "ignored" },
    { name: "income", place: 2, type: "number", nullable: true },
    { name: "rooms", place: 3, type: "number", nullable: true, categories: [1, 2, 4], unknown: "ignored" },
  ]);
});

it("without categories it has none", async () => {
  const types = (await facts(boosting({ _preprocessor: null }))).map(({ type, categories }) => [type, categories]);
  expect(types).toEqual(Array(4).fill(["number", undefined]));
});
