import { chain, estimator, file, folder, noAnswers, numbers, place, scaled } from "../../../test/hand-made-inspection";
import type { Chain, FolderInspection, Method } from "../../inspect/inspection";
import type { Answers } from "../answers";
import type { DraftPlan } from "./plan";
import { formsOf, planBundle } from "./plan-bundle";
import { planInputs } from "./plan-inputs";

interface Given {
  readonly inspection: FolderInspection;
  readonly chain: Chain;
  readonly answers?: Answers;
  readonly methods?: readonly Method[];
  readonly classes?: readonly number[];
}

function planOf({ inspection, chain: own, answers = noAnswers, methods = ["predict"], classes }: Given): DraftPlan {
  const planned = planInputs({ chain: own, answers, sample: undefined, lists: new Map() });
  const [form] = formsOf({ inspection, chain: own, planned }, false);
  if (form === undefined) throw new RangeError("no form");
  const rest = { name: "mine", code: [], cleans: false, notes: [] };
  return planBundle({ ...rest, inspection, chain: own, answers, planned, form, methods, classes });
}

it("calls what a clusterer answers a cluster, at the end of a Pipeline too", () => {
  const inputs = numbers(["a", "b"]);
  const parts = [{ name: "kmeans", thing: estimator({ class: "sklearn.cluster._kmeans.KMeans", inputs }) }];
  const pipeline = estimator({ class: "sklearn.pipeline.Pipeline", inputs, parts });
  const mixture = estimator({ class: "sklearn.mixture._gaussian_mixture.GaussianMixture", inputs });
  const inspection = folder({ files: [file("pipe.pkl", pipeline), file("mixture.pkl", mixture)] });
  const outputs = (name: string, methods: readonly Method[]) =>
    planOf({ inspection, chain: chain({ predictor: place(name), inputs }), methods }).outputs;
  expect(outputs("pipe.pkl", ["predict"])).toEqual({ cluster: "prediction" });
  expect(outputs("mixture.pkl", ["predict", "predict_proba"])).toEqual({
    cluster: "prediction",
    probabilities: "probabilities",
  });
});

it("has the texts of the answer's encoder as labels, and says whose they are", () => {
  const inspection = scaled();
  const [best = chain({ predictor: place("x") })] = inspection.chains;
  const own = { ...best, labels: { ...place("label_encoder.pkl"), classes: ["no", "yes"] } };
  const plan = planOf({ inspection, chain: own, methods: ["predict", "predict_proba"], classes: [0, 1] });
  expect(plan.steps.at(-1)).toEqual({
    step: { labels: "prediction", map: { 0: "no", 1: "yes" }, output: "label" },
    comment: "what label_encoder.pkl calls the classes",
  });
  expect(Object.keys(plan.outputs)).toEqual(["prediction", "label", "probability", "probabilities"]);
});

it("makes columns one-hot before a scaler that was fitted with them, and behind one that was not", () => {
  const names = ["age", "day_mon", "day_tue"];
  const predictor = estimator({ class: "sklearn.linear_model._base.LinearRegression", inputs: numbers(names) });
  const steps = (width: number, own: readonly string[] | undefined): string[] => {
    const inputs = numbers(own ?? Array.from({ length: width }, () => undefined));
    const scaler = estimator({ class: "StandardScaler", role: "transformer", names: own, inputs, makes: width });
    const inspection = folder({ files: [file("scaler.pkl", scaler), file("model.pkl", predictor)] });
    const transformers = [place("scaler.pkl")];
    const chosen = chain({ predictor: place("model.pkl"), transformers, inputs: numbers(names) });
    const plan = planOf({ inspection, chain: chosen, answers: { ...noAnswers, oneHot: ["day"] } });
    return plan.steps.map(({ step }) => {
      const { from } = step as { from?: string };
      return [Object.keys(step)[0], from].filter(Boolean).join(" ");
    });
  };
  const behind = ["one_hot", "select", "transform selected", "predict scaled"];
  expect([steps(3, undefined), steps(3, names)]).toEqual([behind, behind]);
  expect(steps(1, ["age"])).toEqual(["transform", "one_hot", "select", "predict selected"]);
});
