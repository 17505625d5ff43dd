import { kindOf } from "../../inspect/estimators/kinds";
import type { Chain, Estimator, FolderInspection, Method } from "../../inspect/inspection";
import type { Cell } from "../../pickle/value";
import type { Answers } from "../answers";
import { estimatorAt, placeText } from "../chain/place";
import { labelsFor } from "./encoder-labels";
import { withoutFlags } from "./flags";
import { planArtifacts } from "./plan-artifacts";
import type { PlannedInputs } from "./plan-inputs";
import { WIDE } from "./plan-inputs";
import { planOutputs } from "./plan-outputs";
import { type Form, planSteps } from "./plan-steps";
import type { DraftPlan, PlannedCode } from "./plan";

/** All that is known when a manifest is written. */
export interface Known {
  readonly inspection: FolderInspection;
  readonly chain: Chain;
  readonly answers: Answers;
  readonly name: string;
  readonly code: readonly PlannedCode[];
  readonly planned: PlannedInputs;
  /** The predictor's own, as static reading says, or as it says once it is loaded. */
  readonly classes: readonly Cell[] | undefined;
  readonly methods: readonly Method[];
  readonly form: Form;
  readonly cleans: boolean;
  readonly notes: readonly string[];
}

const BLOCK_OF_WIDE = 32;

export function planBundle(known: Known): DraftPlan {
  const { inspection, chain, planned, form, answers } = known;
  const predictor = estimatorAt(inspection, chain.predictor);
  const selectsFromFile =
    chain.select !== undefined && /\.(pkl|pickle|joblib|sav|model|bin)$|^[^.]*$/i.test(chain.select.file);
  const artifacts = planArtifacts(inspection, withoutFlags(inspection, chain), selectsFromFile);
  const { methods } = known;
  const steps = planSteps({
    ...{ inspection, chain, artifacts, form, methods, inputs: planned.inputs, cleans: known.cleans },
    oneHot: planned.oneHot?.columns ?? [],
    select: planned.oneHot ? planned.oneHot.select : chain.select?.names,
  });
  const { labels, comment } = labelsFor(answers.labels, chain, known.classes);
  const {
    outputs,
    fields,
    steps: more,
  } = planOutputs({
    ...{ methods, answers: { ...answers, labels }, labelsComment: comment, classes: known.classes },
    isClusterer: kindOf(innermost(predictor)?.class ?? "")?.does === "cluster",
  });
  return {
    ...{ name: known.name, code: known.code, artifacts, outputs, fields },
    description: descriptionOf(predictor, chain, planned),
    inputs: planned.inputs,
    steps: [...steps, ...more],
    block: planned.inputs.length > WIDE ? BLOCK_OF_WIDE : undefined,
    notes: known.notes,
  };
}

/** Of all that it can do, what a bundle answers: scores are of use only where there are no probabilities. */
export function answering(methods: readonly Method[]): Method[] {
  const own = (["predict", "predict_proba", "decision_function"] as const).filter((method) => methods.includes(method));
  return own.includes("predict_proba") ? own.filter((method) => method !== "decision_function") : own;
}

function descriptionOf(
  predictor: Estimator | undefined,
  { predictor: place }: Chain,
  { inputs }: PlannedInputs,
): string {
  const kind = innermost(predictor)?.class.split(".").at(-1) ?? "A model";
  return `${kind} on ${inputs.length} ${inputs.length === 1 ? "column" : "columns"}, from ${placeText(place)}`;
}

/** Of a Pipeline or a search, what answers in the end. */
function innermost(estimator: Estimator | undefined): Estimator | undefined {
  const last = estimator?.parts.at(-1)?.thing;
  const isWrapper = /\.(Pipeline|GridSearchCV|RandomizedSearchCV)$/.test(estimator?.class ?? "");
  return isWrapper && last?.kind === "estimator" ? innermost(last) : estimator;
}

/** What is tried, the likeliest first. */
export function formsOf(known: Pick<Known, "inspection" | "chain" | "planned">, hasPandas: boolean): Form[] {
  const { inspection, chain, planned } = known;
  const [head = chain.predictor] = chain.transformers;
  const own = estimatorAt(inspection, head)?.takes ?? "numbers";
  const types = new Set(planned.inputs.map(({ entry }) => entry.type));
  const takesTable =
    own === "table" ||
    (planned.oneHot === undefined && (types.has("category") || (types.has("text") && planned.inputs.length > 1)));
  const first = own === "text" ? "text" : takesTable ? "dataframe" : "matrix";
  const takes = estimatorAt(inspection, chain.predictor)?.takes ?? "numbers";
  const last = chain.transformers.length > 0 && takes === "text" ? "text" : "matrix";
  const likeliest: Form = { name: "as-is", first, last };
  const areNumbers = !types.has("category") && !types.has("text");
  const forms: Form[] = [likeliest];
  if (chain.transformers.length > 0 && last === "matrix") forms.push({ name: "dense", first, last: "dense" });
  if (first === "matrix" && hasPandas && planned.oneHot === undefined)
    forms.push({ name: "dataframe", first: "dataframe", last });
  // What was trained on pandas' categories (LightGBM's) takes no other column for one.
  if (first === "dataframe" && types.has("category")) forms.push({ name: "categorical", first: "categorical", last });
  if (first === "dataframe" && areNumbers) forms.push({ name: "matrix", first: "matrix", last });
  return forms;
}
