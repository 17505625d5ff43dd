import type { Instance } from "../../pickle/value";
import type { Method } from "../inspection";
import { libraryOf, nameOf } from "./class-name";
import { kindOf } from "./kinds";
import { isPassedThrough, isSearch, partsOf } from "./parts";
import { booleanOf, cellOf, instanceOf, textOf } from "./read-value";

const inOrder: readonly Method[] = ["predict", "predict_proba", "decision_function", "transform"];

/** What can be called on it. Some methods are there only with the right setting, or where an inner one has them. */
export function answersOf(estimator: Instance): readonly Method[] {
  const found = new Set(methods(estimator));
  return inOrder.filter((method) => found.has(method));
}

function methods(estimator: Instance): readonly Method[] {
  const name = nameOf(estimator.class);
  const own = kindOf(estimator.class)?.answers ?? [];
  const inner = innerOf(estimator, name);
  if (name === "Pipeline") return pipelineAnswers(estimator, inner);
  if (isSearch(name)) return inner;
  if (isBooster(estimator)) return ["predict"];
  const rule = rules[name];
  return rule === undefined ? own : rule(estimator, inner, own);
}

const isBooster = (estimator: Instance): boolean =>
  nameOf(estimator.class) === "Booster" && libraryOf(estimator.class) !== "other";

type Answers = readonly Method[];
type Rule = (estimator: Instance, inner: Answers, own: Answers) => Answers;

const probabilities: Rule = (estimator, _inner, own) =>
  booleanOf(estimator.attribute("probability")) === true ? [...own, "predict_proba"] : own;

/** The loss decides whether a score is a probability: hinge is none. */
const byLoss: Rule = (estimator, _inner, own) =>
  ["log", "log_loss", "modified_huber"].includes(textOf(estimator.attribute("loss")) ?? "")
    ? [...own, "predict_proba"]
    : own;

const asInner: Rule = (_estimator, inner) => ["predict", ...inner.filter((method) => method !== "transform")];
const innerProbabilities: Rule = (_estimator, inner) => [
  "predict",
  ...inner.filter((method) => method === "predict_proba"),
];

/** Hard votes are no probabilities. */
const soft: Rule = (estimator) =>
  textOf(estimator.attribute("voting")) === "soft"
    ? ["predict", "predict_proba", "transform"]
    : ["predict", "transform"];

const bagged: Rule = (_estimator, inner) => [
  "predict",
  "predict_proba",
  ...inner.filter((method) => method === "decision_function"),
];

/** Without novelty it scores only the rows that it was fitted with. */
const novelty: Rule = (estimator, _inner, own) => (cellOf(estimator.attribute("novelty")) === true ? own : []);

const rules: Readonly<Record<string, Rule>> = {
  SVC: probabilities,
  NuSVC: probabilities,
  SGDClassifier: byLoss,
  OneVsRestClassifier: asInner,
  MultiOutputClassifier: innerProbabilities,
  ClassifierChain: asInner,
  BaggingClassifier: bagged,
  VotingClassifier: soft,
  VotingRegressor: () => ["predict", "transform"],
  StackingRegressor: () => ["predict", "transform"],
  StackingClassifier: (_estimator, inner) => [...inner.filter((method) => method !== "transform"), "transform"],
  LocalOutlierFactor: novelty,
  RFE: (_estimator, inner) => [...inner, "transform"],
  RFECV: (_estimator, inner) => [...inner, "transform"],
  TunedThresholdClassifierCV: asInner,
  FixedThresholdClassifier: asInner,
};

/** The one whose methods decide: a Pipeline's last step, a stack's final estimator, the first of equal ones. */
function innerOf(estimator: Instance, name: string): readonly Method[] {
  const parts = partsOf(estimator);
  const part = name === "Pipeline" || name.startsWith("Stacking") ? parts.at(-1) : parts[0];
  const inner = instanceOf(part?.value);
  return inner === undefined ? [] : answersOf(inner);
}

/** It transforms where every step does. */
function pipelineAnswers(estimator: Instance, last: readonly Method[]): readonly Method[] {
  const end = partsOf(estimator).at(-1);
  return end !== undefined && isPassedThrough(end.value) ? ["transform"] : last;
}
