import { chain, estimator, file, folder, noAnswers, numbers, place, scaled } from "../../../test/hand-made-inspection";
import type { FolderInspection } from "../../inspect/inspection";
import type { Answers } from "../answers";
import { InitFailed } from "../result";
import { chooseChain } from "./choose-chain";
import { planCode } from "./own-code";
import { planArtifacts } from "../plan/plan-artifacts";

const choose = (inspection: FolderInspection, answers: Partial<Answers> = {}) =>
  chooseChain(inspection, { ...noAnswers, ...answers });

it("is the best one, unless a person says another", () => {
  const inspection = scaled();
  expect(choose(inspection)).toBe(inspection.chains[0]);
  const predictor = place("my model.pkl", "clf");
  expect(choose(inspection, { predictor }).transformers).toEqual([place("scaler.pkl")]);
  expect(choose(inspection, { predictor: place("deep/my model.pkl") })).toBe(inspection.chains[0]);
});

it("is made of the transformers that are named, though inspection did not join them", () => {
  const other = estimator({
    class: "sklearn.preprocessing._data.MinMaxScaler",
    role: "transformer",
    inputs: numbers(["a", "b"]),
  });
  const inspection = scaled();
  const files = [...inspection.files, file("other.pkl", other)];
  const chosen = choose({ ...inspection, files }, { transformers: [place("other.pkl")] });
  expect(chosen).toMatchObject({
    predictor: place("deep/my model.pkl", "clf"),
    transformers: [place("other.pkl")],
    inputs: numbers(["a", "b"]),
  });
});

it("names what there is where a flag names what is not", () => {
  expect(() => choose(scaled(), { predictor: place("gone.pkl") })).toThrow(
    "--predictor gone.pkl holds no estimator. There are: scaler.pkl, deep/my model.pkl#clf.",
  );
});

it("takes a list of names that a person points at", () => {
  const names = file("vars.pkl", { kind: "list", length: 2, first: [], texts: ["b", "a"] });
  const inspection = { ...scaled(), files: [...scaled().files, names] };
  expect(choose(inspection, { select: place("vars.pkl") }).select).toEqual({ ...place("vars.pkl"), names: ["b", "a"] });
  const tuple = file("both.pkl", { kind: "list", length: 1, first: [names.thing ?? { kind: "other", class: "none" }] });
  const chosen = choose({ ...scaled(), files: [...scaled().files, tuple] }, { select: place("both.pkl", "0") });
  expect(chosen.select).toEqual({ ...place("both.pkl", 0), names: ["b", "a"] });
  expect(() => choose(inspection, { select: place("scaler.pkl") })).toThrow(
    "--select scaler.pkl holds no list of names.",
  );
});

it("is none where nothing predicts: inspection's findings say why", () => {
  const finding = {
    code: "no-predictor" as const,
    file: "scaler.pkl",
    message: "It is a scaler.",
    remedy: "Add the model.",
  };
  const several = { code: "several-predictors" as const, file: undefined, message: "Two.", remedy: "Pick." };
  const failure = (inspection: FolderInspection): unknown => {
    try {
      return choose(inspection);
    } catch (error) {
      return error instanceof InitFailed ? error.findings : error;
    }
  };
  expect(failure(folder({ findings: [several, finding] }))).toEqual([finding]);
  expect(failure(folder({}))).toEqual([
    {
      code: "no-estimator",
      file: undefined,
      message: "No fitted model was found in /pickles.",
      remedy: "Put the file there that joblib.dump or pickle.dump wrote of the model.",
    },
  ]);
});

it("has its files under flat names, no two the same", () => {
  const places = [place("a/model.pkl"), place("b/model.pkl"), place("c/Scaler (1).pkl", "x", 0)];
  const artifacts = planArtifacts(folder({}), chain({ predictor: place("model.pkl"), transformers: places }), false);
  expect(artifacts.map(({ name, file, source }) => [name, file, source])).toEqual([
    ["a_model_pkl", "model.pkl", "/pickles/a/model.pkl"],
    ["b_model_pkl", "b_model.pkl", "/pickles/b/model.pkl"],
    ["x", "Scaler_1_.pkl", "/pickles/c/Scaler (1).pkl"],
    ["model", "model_2.pkl", "/pickles/model.pkl"],
  ]);
});

it("code that names no module stands for its own name, else for what is still open", () => {
  const foreign = ["__main__.tokenize", "preprocessing.scale"].map((global) => ({ global, remedy: "" }));
  const inspection = { files: [file("model.pkl", { kind: "foreign", class: "__main__.tokenize" }, { foreign })] };
  const own = { module: undefined, file: __filename };
  expect(planCode([own], inspection).map(({ module, file }) => [module, file])).toEqual([
    ["__main__", "choose_chain_test_ts.py"],
    ["preprocessing", "choose_chain_test_ts.py"],
  ]);
  expect(planCode([{ module: "a.b", file: __filename }], { files: [] })).toMatchObject([{ module: "a.b" }]);
  expect(() => planCode([{ module: undefined, file: "/gone.py" }], inspection)).toThrow(
    "--code /gone.py: there is no such file.",
  );
});
