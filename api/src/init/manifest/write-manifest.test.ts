import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  chain,
  estimator,
  file,
  folder as directory,
  noAnswers,
  numbers,
  place,
  scaled,
} from "../../../test/hand-made-inspection";
import { expandInputs } from "../../bundle/inputs";
import type { Manifest } from "../../bundle/manifest";
import { readManifest } from "../../bundle/read-manifest";
import { formsOf, type Known, planBundle } from "../plan/plan-bundle";
import { planInputs } from "../plan/plan-inputs";
import type { BundlePlan, PlannedInput } from "../plan/plan";
import { inputRuns } from "./input-runs";
import { manifestText } from "./write-manifest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-manifest-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function readBack(plan: BundlePlan): Manifest {
  const file = join(folder, "model.yaml");
  writeFileSync(file, manifestText(plan));
  return readManifest(file);
}

function planOf(given: Partial<Known> = {}): BundlePlan {
  const inspection = given.inspection ?? scaled();
  const [best = chain({ predictor: place("x") })] = inspection.chains;
  const own = given.chain ?? best;
  const planned = planInputs({ chain: own, answers: given.answers ?? noAnswers, sample: undefined, lists: new Map() });
  const [form] = formsOf({ inspection, chain: own, planned }, false);
  if (form === undefined) throw new RangeError("no form");
  const plan = planBundle({
    ...{ inspection, chain: own, answers: noAnswers, name: "mine", code: [], planned, form },
    ...{ classes: [0, 1], methods: ["predict", "predict_proba"], cleans: false, notes: [] },
    ...given,
  });
  return { ...plan, python: "3.12" };
}

it("is read back as it was meant", () => {
  const text = manifestText(planOf({ notes: ["A note\nof two lines."] }));
  expect(text).toBe(`# A note of two lines.
name: mine
version: "1"
description: "LogisticRegression on 2 columns, from deep/my model.pkl#clf"
environment: { python: "3.12", lock: requirements.lock }

artifacts:
  scaler: scaler.pkl
  model: { file: my_model.pkl, key: clf }

inputs:
  age: number
  income: number

steps:
  - { transform: scaler, columns: numbers, output: scaled }
  - { predict: model, from: scaled, output: prediction }
  - { predict_proba: model, from: scaled, output: probabilities }

outputs:
  prediction: prediction
  probability: { from: probabilities, column: 1 }
  probabilities: probabilities

contract:
  routes:
    - path: /predict
      method: POST
      request: { shape: rows }
      response:
        shape: records
        fields:
          prediction: { output: prediction }
          probability: { output: probability }
`);
  expect(readBack(planOf()).artifacts).toEqual({
    scaler: { file: "scaler.pkl", key: [], sha256: undefined },
    model: { file: "my_model.pkl", key: ["clf"], sha256: undefined },
  });
});

it("keeps names and values that YAML would read as something else", () => {
  const names = [
    "yes",
    "no: #1",
    "12",
    "null",
    "a,b",
    "[x]",
    "ünï cödé",
    " blank ",
    'q"uote',
    "tab\t",
    "1e3",
    "-",
    "a {b}",
    "x's",
  ];
  const categories = ["true", "1", "~", "a: b", "# c", ""];
  const inputs = [...numbers(names), { name: "day", place: 14, type: "category" as const, categories, nullable: true }];
  const plan = planOf({ chain: chain({ predictor: place("deep/my model.pkl", "clf"), inputs }) });
  const read = expandInputs(readBack(plan));
  expect([...read.keys()]).toEqual([...names, "day"]);
  expect(read.get("day")).toMatchObject({ values: categories, null: "nan" });
});

it("breaks what is long into lines", () => {
  const categories = Array.from({ length: 60 }, (_, i) => `the value number ${i}`);
  const inputs = [{ name: "long", place: 0, type: "category" as const, categories, nullable: false }];
  const plan = planOf({ chain: chain({ predictor: place("deep/my model.pkl", "clf"), inputs }) });
  expect(
    Math.max(
      ...manifestText(plan)
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBeLessThan(121);
  expect(expandInputs(readBack(plan)).get("long")).toMatchObject({ values: categories });
});

it("has thresholds, labels and the code of the bundle", () => {
  const answers = {
    ...noAnswers,
    threshold: 0.3,
    labels: [
      { value: undefined, text: "stays" },
      { value: "1", text: "leaves" },
    ],
  };
  const plan = planOf({ answers, code: [{ module: "__main__", file: "notebook.py", source: "/x/notebook.py" }] });
  const manifest = readBack(plan);
  expect(manifest.code).toEqual({ __main__: "notebook.py" });
  expect(manifest.steps.slice(3)).toEqual([
    { threshold: "probabilities", column: 1, at_least: 0.3, output: "class" },
    { labels: "class", map: { 0: "stays", 1: "leaves" }, output: "label" },
  ]);
  expect(Object.keys(manifest.outputs)).toEqual(["prediction", "class", "label", "probability", "probabilities"]);
});

it("writes numbered columns of one kind as a pattern", () => {
  const of = (names: string[], type = "number"): PlannedInput[] => names.map((name) => ({ name, entry: { type } }));
  const names = (inputs: PlannedInput[]) => inputRuns(inputs).map(({ name }) => name);
  expect(names(of(["a", "x0", "x1", "x2", "x3", "b"]))).toEqual(["a", "x{0..3}", "b"]);
  expect(names([...of(["x1", "x2", "x3", "x4"]), ...of(["x5"], "text")])).toEqual(["x{1..4}", "x5"]);
  expect(names(of(["x01", "x02", "x03", "x04", "x1", "x3", "x5"]))).toEqual(["x0{1..4}", "x1", "x3", "x5"]);
});

it("has a wide model's columns as zeros where they are left out", () => {
  const inputs = numbers(Array.from({ length: 3000 }, () => undefined));
  const plan = planOf({ chain: chain({ predictor: place("deep/my model.pkl", "clf"), inputs }) });
  expect(manifestText(plan)).toContain("  x{0..2999}: { type: number, absent: { default: 0 } }\n");
  expect(readBack(plan).limits.block).toBe(32);
});

it("puts a transformer of some columns before the model takes them all", () => {
  const inputs = numbers(["age", "income", "rooms"]);
  const transformers = [{ ...place("scaler.pkl"), columns: ["age", "income"] }];
  const plan = planOf({ chain: chain({ predictor: place("deep/my model.pkl", "clf"), transformers, inputs }) });
  expect(readBack(plan).steps.slice(0, 2)).toEqual([
    { transform: "scaler", columns: ["age", "income"], as: "matrix", output: "scaled" },
    { predict: "model", columns: "numbers", as: "matrix", output: "prediction" },
  ]);
});

it("hands over a table by name, in the order of the training", () => {
  const day = { name: "day", place: 1, type: "category" as const, categories: ["mon", "tue"], nullable: false };
  const inputs = [...numbers(["age"]), day];
  const plan = planOf({ chain: chain({ predictor: place("deep/my model.pkl", "clf"), inputs }) });
  const handed = { columns: ["age", "day"], as: "dataframe" };
  expect(readBack(plan).steps).toEqual([
    { predict: "model", ...handed, output: "prediction" },
    { predict_proba: "model", ...handed, output: "probabilities" },
  ]);
});

it("cleans texts first where the training did", () => {
  const inputs = [{ name: undefined, place: 0, type: "text" as const, nullable: false }];
  const own = chain({ predictor: place("deep/my model.pkl", "clf"), transformers: [place("scaler.pkl")], inputs });
  const plan = planOf({ chain: own, cleans: true, methods: ["predict"] });
  expect(readBack(plan).steps.slice(0, 2)).toMatchObject([
    { clean_text: "text", preset: "tutorial", output: "cleaned" },
    { transform: "scaler", from: "cleaned", output: "scaled" },
  ]);
});

it("makes one-hot columns, and picks those that the model takes", () => {
  const select = { ...place("vars.pkl"), names: ["day_tue", "age"] };
  const day = { name: "day", place: 1, type: "category" as const, categories: ["tue"], nullable: false };
  const own = chain({ predictor: place("deep/my model.pkl", "clf"), select, inputs: [...numbers(["age"]), day] });
  const plan = planOf({ chain: own, methods: ["predict"] });
  expect(readBack(plan).steps.slice(0, 3)).toMatchObject([
    { one_hot: ["day"], output: "flags" },
    { select: "vars", output: "selected" },
    { predict: "model", from: "selected", output: "prediction" },
  ]);
});

const encodedGeography = (drop: string | null) => {
  const place = { name: "geo", place: 0, type: "category" as const, categories: ["de", "fr"], nullable: false };
  const encoder = estimator({
    ...{ class: "sklearn.preprocessing._encoders.OneHotEncoder", role: "transformer", inputs: [place] },
    settings: { drop },
  });
  return { encoder, input: place };
};

it("makes the flags of a OneHotEncoder of some columns, and hands them over where the scaler had them", () => {
  const { encoder, input } = encodedGeography(null);
  const scaler = estimator({ class: "StandardScaler", role: "transformer", names: ["geo_de", "geo_fr", "age"] });
  const predictor = place("model.pkl");
  const transformers = [{ ...place("geo.pkl"), columns: ["geo"] }, place("scaler.pkl")];
  const plan = planOf({
    inspection: directory({ files: [file("geo.pkl", encoder), file("scaler.pkl", scaler)] }),
    chain: chain({ predictor, transformers, inputs: [input, ...numbers(["age"])] }),
    methods: ["predict"],
  });
  expect(plan.artifacts.map(({ name }) => name)).toEqual(["scaler", "model"]);
  expect(readBack(plan).steps).toMatchObject([
    { one_hot: { geo: ["de", "fr"] }, output: "flags" },
    { transform: "scaler", columns: ["geo_de", "geo_fr", "age"], as: "matrix", output: "scaled" },
    { predict: "model", from: "scaled", output: "prediction" },
  ]);
});

it("puts flags beside what a scaler made, in the order of the chain, where the model has no names", () => {
  const { encoder, input } = encodedGeography("first");
  const transformers = [
    { ...place("scaler.pkl"), columns: ["age"] },
    { ...place("geo.pkl"), columns: ["geo"] },
  ];
  const plan = planOf({
    inspection: directory({ files: [file("geo.pkl", encoder)] }),
    chain: chain({ predictor: place("model.pkl"), transformers, inputs: [...numbers(["age"]), input], parallel: true }),
    methods: ["predict"],
  });
  expect(readBack(plan).steps.slice(1)).toMatchObject([
    { one_hot: { geo: ["de", "fr"] }, drop_first: true, output: "flags" },
    { predict: "model", columns: ["age", "geo_fr"], output: "prediction" },
  ]);
});
