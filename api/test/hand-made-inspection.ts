import type { Answers } from "../src/init/answers";
import type { Chain, Estimator, FileInspection, FolderInspection, InputFact, Thing } from "../src/inspect/inspection";

/** Inspections written by hand: what `init` makes of one does not depend on how pickles are read. */
export const numbers = (names: readonly (string | undefined)[]): InputFact[] =>
  names.map((name, place) => ({ name, place, type: "number", nullable: false }));

export const estimator = (given: Partial<Estimator> & Pick<Estimator, "class">): Estimator => ({
  kind: "estimator",
  library: "sklearn",
  version: "1.6.1",
  role: "predictor",
  takes: "numbers",
  answers: ["predict"],
  width: given.inputs?.length,
  makes: undefined,
  names: undefined,
  classes: undefined,
  inputs: [],
  parts: [],
  settings: {},
  ...given,
});

export const file = (name: string, thing: Thing, given: Partial<FileInspection> = {}): FileInspection => ({
  file: name,
  thing,
  size: 100,
  sha256: "ab",
  container: "pickle",
  compression: null,
  protocol: 4,
  globals: [],
  dangers: [],
  versions: { sklearn: ["1.6.1"], outermost: "1.6.1", xgboost: undefined, lightgbm: undefined, numpyMajor: 2 },
  libraries: [],
  foreign: [],
  ...given,
});

export const chain = (given: Partial<Chain> & Pick<Chain, "predictor">): Chain => ({
  transformers: [],
  encoders: [],
  inputs: [],
  reasons: [],
  doubts: [],
  ...given,
});

export const place = (file: string, ...key: (string | number)[]): Chain["predictor"] => ({ file, key });

export const folder = (given: Partial<FolderInspection>): FolderInspection => ({
  folder: "/pickles",
  files: [],
  chains: [],
  requirements: [],
  python: undefined,
  findings: [],
  ...given,
});

/** A scaler and a classifier of two columns. */
export const scaled = (): FolderInspection => {
  const inputs = numbers(["age", "income"]);
  const scaler = estimator({ class: "sklearn.preprocessing._data.StandardScaler", role: "transformer", inputs });
  const model = estimator({
    class: "sklearn.linear_model._logistic.LogisticRegression",
    answers: ["predict", "predict_proba", "decision_function"],
    classes: [0, 1],
    inputs: numbers([undefined, undefined]),
  });
  return folder({
    files: [file("scaler.pkl", scaler), file("deep/my model.pkl", { kind: "dict", entries: [["clf", model]] })],
    chains: [chain({ predictor: place("deep/my model.pkl", "clf"), transformers: [place("scaler.pkl")], inputs })],
  });
};

export const noAnswers: Answers = {
  out: undefined,
  name: undefined,
  sample: undefined,
  expected: undefined,
  yes: true,
  force: false,
  predictor: undefined,
  transformers: [],
  code: [],
  requirements: [],
  python: undefined,
  inputs: [],
  oneHot: [],
  columns: undefined,
  select: undefined,
  labels: [],
  threshold: undefined,
  positive: undefined,
};
