import type { Chain, FolderInspection, Method } from "../../inspect/inspection";
import { estimatorAt, isSamePlace } from "../chain/place";
import type { Yaml } from "../manifest/yaml-text";
import { freeName } from "./plan-artifacts";
import { columnsWithFlags, flagsOf } from "./flags";
import type { PlannedArtifact, PlannedInput, PlannedStep } from "./plan";

/** How things are handed over: what static reading says first, and what is tried where that does not run. */
export interface Form {
  readonly name: "as-is" | "dense" | "dataframe" | "matrix";
  readonly first: "matrix" | "dataframe" | "text";
  readonly last: "matrix" | "dense" | "dataframe" | "text";
}

export interface StepsWanted {
  readonly inspection: FolderInspection;
  readonly chain: Chain;
  readonly artifacts: readonly PlannedArtifact[];
  readonly inputs: readonly PlannedInput[];
  readonly oneHot: readonly string[];
  /** The names in order that the predictor is handed, where they must be picked. */
  readonly select: readonly string[] | undefined;
  readonly form: Form;
  /** The texts are cleaned first, as the usual tutorial does it. */
  readonly cleans: boolean;
  readonly methods: readonly Method[];
}

type Source = Readonly<Record<string, Yaml>>;

/** Transformers in order, columns picked, and one step for each way to answer. */
export function planSteps(wanted: StepsWanted): PlannedStep[] {
  const { chain, artifacts, inputs, oneHot, form, methods } = wanted;
  const steps: PlannedStep[] = [];
  const outputs = new Set<string>(["prediction", "probabilities", "score", "cluster", "class", "label"]);
  const add = (step: Readonly<Record<string, Yaml | undefined>>, output: string, comment?: string): string => {
    const free = freeName([output], outputs);
    outputs.add(free);
    steps.push({ step: { ...step, output: free }, comment });
    return free;
  };
  const [text] = inputs.filter(({ entry }) => entry.type === "text");
  let source: Source | undefined =
    wanted.cleans && text !== undefined ? { from: add({ clean_text: text.name }, "cleaned") } : undefined;
  const isCleaned = source !== undefined;
  const flagged = columnsWithFlags(wanted.inspection, chain);
  const table = (): Source => (flagged === undefined ? columnsOf(inputs, oneHot, false) : { columns: [...flagged] });
  for (const transformer of chain.transformers) {
    const flags = flagsOf(wanted.inspection, transformer);
    if (flags !== undefined) {
      add({ one_hot: flags.values, ...(flags.dropsFirst && { drop_first: true }) }, "flags");
      source = table();
      continue;
    }
    const isFirst = steps.length === (isCleaned ? 1 : 0);
    const own = transformer.columns
      ? { columns: [...transformer.columns] }
      : (source ?? columnsOf(inputs, oneHot, isFirst));
    const artifact = nameOf(artifacts, transformer);
    const handed = isFirst ? form.first : "matrix";
    const made = add({ transform: artifact, ...own, ...asOf(handed) }, madeBy(wanted, transformer));
    // A transformer of some columns puts its own in their place: the table as a whole goes on.
    source = transformer.columns ? table() : { from: made };
  }
  if (oneHot.length > 0) source = { from: add({ one_hot: [...oneHot] }, "flags") };
  if (wanted.select !== undefined) {
    const artifact = chain.select && artifacts.find(({ place }) => chain.select && isSamePlace(place, chain.select));
    const comment = artifact === undefined ? "the order that the model was trained with" : undefined;
    source = { from: add({ select: artifact?.name ?? [...wanted.select] }, "selected", comment) };
  }
  const model = nameOf(artifacts, chain.predictor);
  const isOnly = methods.length === 1 && steps.length === 0;
  const handed = source ?? columnsOf(inputs, oneHot, isOnly);
  const as = asOf(steps.length === (isCleaned ? 1 : 0) ? form.first : form.last);
  for (const method of methods) {
    steps.push({ step: { [method]: model, ...handed, ...as, output: OUTPUTS[method] } });
  }
  return steps;
}

export const OUTPUTS: Readonly<Record<Method, string>> = {
  predict: "prediction",
  predict_proba: "probabilities",
  decision_function: "score",
  transform: "transformed",
};

const asOf = (form: string): Source => (form === "matrix" ? {} : { as: form });

const nameOf = (artifacts: readonly PlannedArtifact[], place: Parameters<typeof isSamePlace>[0]): string =>
  artifacts.find((artifact) => isSamePlace(artifact.place, place))?.name ?? "model";

/** Columns by one word where a word says it; else none where the first step takes every input anyway; else all by name. */
function columnsOf(inputs: readonly PlannedInput[], oneHot: readonly string[], isFirst: boolean): Source {
  const own = inputs.filter(({ name }) => !oneHot.includes(name));
  const kinds = new Set(own.map(({ entry }) => KINDS[entry.type] ?? "numbers"));
  const [kind = "numbers"] = kinds;
  if (kinds.size === 1) return { columns: kind };
  return isFirst && own.length === inputs.length ? {} : { columns: own.map(({ name }) => name) };
}

const KINDS: Readonly<Record<string, string>> = { category: "categories", text: "texts" };

/** What a person calls what a transformer makes. */
function madeBy({ inspection }: StepsWanted, transformer: Chain["transformers"][number]): string {
  const name = estimatorAt(inspection, transformer)?.class.split(".").at(-1) ?? "";
  if (/Scaler|Normalizer/.test(name)) return "scaled";
  if (name.includes("Imputer")) return "imputed";
  if (/Vectorizer|TfidfTransformer/.test(name)) return "words";
  if (/Encoder|Binarizer/.test(name)) return "encoded";
  return /PCA|SVD|NMF/.test(name) ? "components" : "transformed";
}
