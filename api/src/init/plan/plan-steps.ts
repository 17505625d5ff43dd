import type { Chain, FolderInspection, Method } from "../../inspect/inspection";
import { estimatorAt, isSamePlace } from "../chain/place";
import type { Yaml } from "../manifest/yaml-text";
import { freeName } from "./plan-artifacts";
import { columnsWithFlags, flagsOf } from "./flags";
import type { PlannedArtifact, PlannedInput, PlannedStep } from "./plan";

/** How things are handed over: what static reading says first, and what is tried where that does not run. */
export interface Form {
  readonly name: "as-is" | "dense" | "dataframe" | "categorical" | "matrix";
  readonly first: "matrix" | "dataframe" | "categorical" | "text";
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
type Add = (step: Readonly<Record<string, Yaml | undefined>>, output: string, comment?: string) => string;

/** Transformers in order, columns picked, and one step for each way to answer. */
export function planSteps(wanted: StepsWanted): PlannedStep[] {
  const { chain, artifacts, inputs, oneHot, form, methods } = wanted;
  const steps: PlannedStep[] = [];
  const outputs = new Set<string>(["prediction", "probabilities", "score", "cluster", "class", "label"]);
  const add: Add = (step, output, comment) => {
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
  const picksFirst = takesMadeColumns(wanted);
  if (picksFirst) source = picked(wanted, add) ?? source;
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
  if (!picksFirst) source = picked(wanted, add) ?? source;
  const model = nameOf(artifacts, chain.predictor);
  const isOnly = methods.length === 1 && steps.length === 0;
  const handed = source ?? columnsOf(inputs, oneHot, isOnly);
  const as = asOf(steps.length === (isCleaned ? 1 : 0) ? form.first : form.last);
  for (const method of methods) {
    steps.push({ step: { [method]: model, ...handed, ...as, output: OUTPUTS[method] } });
  }
  return steps;
}

/** Columns made one-hot, and those that are wanted in their order. */
function picked({ chain, artifacts, oneHot, select }: StepsWanted, add: Add): Source | undefined {
  const flags = oneHot.length > 0 ? { from: add({ one_hot: [...oneHot] }, "flags") } : undefined;
  if (select === undefined) return flags;
  const artifact = chain.select && artifacts.find(({ place }) => chain.select && isSamePlace(place, chain.select));
  const comment = artifact === undefined ? "the order that the model was trained with" : undefined;
  return { from: add({ select: artifact?.name ?? [...select] }, "selected", comment) };
}

/** Whether a scaler, say, was fitted with the one-hot columns among the others, and so comes behind them. */
function takesMadeColumns({ inspection, chain, oneHot, select, inputs }: StepsWanted): boolean {
  const entrance = chain.transformers.find(({ columns }) => columns === undefined);
  if (oneHot.length === 0 || entrance === undefined) return false;
  const { names, width } = estimatorAt(inspection, entrance) ?? {};
  if (names !== undefined) return names.some((name) => oneHot.some((column) => name.startsWith(`${column}_`)));
  return width === (select?.length ?? width) && width !== inputs.length - oneHot.length;
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
