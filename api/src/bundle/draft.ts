import type { Draft, ResolvedStep } from "./description";
import { expandInputs, inputsOf } from "./inputs";
import type { Manifest } from "./manifest";
import { isStep, type Step } from "./steps";

interface ArtifactRef {
  file: string;
  key: (string | number)[];
}

/** The part of bundle.json that follows from model.yaml and the lock: every name resolved, every default written out. */
export function draftOf(manifest: Manifest, lock: Draft["lock"], manifestSha256: string): Draft {
  const inputs = expandInputs(manifest);
  return {
    format: 1,
    name: manifest.name,
    version: manifest.version,
    python: manifest.environment.python,
    files: { "model.yaml": manifestSha256 },
    lock,
    inputs: {
      numbers: inputsOf(inputs, "numbers"),
      codes: [...inputs].flatMap(([name, input]) =>
        input.type === "category" ? [{ name, categories: [...input.values] }] : [],
      ),
      texts: inputsOf(inputs, "texts"),
    },
    steps: manifest.steps.map((step, i) => resolveStep(step, manifest.steps[i - 1]?.output, manifest)),
    outputs: Object.entries(manifest.outputs).map(([name, { from, column }]) => ({
      name,
      from,
      ...(column !== undefined && { column }),
    })),
    limits: { block: manifest.limits.block },
  };
}

function resolveStep(step: Step, previous: string | undefined, manifest: Manifest): ResolvedStep {
  const artifact = (name: string): ArtifactRef => {
    const { file, key } = manifest.artifacts[name] ?? { file: name, key: [] };
    return { file, key };
  };
  const call = (name: string, step: Source & { as: "matrix" | "dataframe" | "text" }) => ({
    artifact: artifact(name),
    ...resolveSource(step, previous, manifest),
    as: step.as,
    output: step.output,
  });
  if (isStep(step, "transform")) return { kind: "transform", ...call(step.transform, step) };
  if (isStep(step, "predict")) return { kind: "predict", ...call(step.predict, step) };
  if (isStep(step, "predict_proba")) return { kind: "predict_proba", ...call(step.predict_proba, step) };
  if (isStep(step, "one_hot")) return { kind: "one_hot", columns: step.one_hot, output: step.output };
  if (isStep(step, "select")) {
    const columns = typeof step.select === "string" ? artifact(step.select) : step.select;
    return { kind: "select", columns, output: step.output };
  }
  if (isStep(step, "labels"))
    return { kind: "labels", from: step.labels, map: labelPairs(step.map), output: step.output };
  const compare = step.at_least === undefined ? "above" : "at_least";
  const bound = step[compare] ?? 0;
  const value = typeof bound === "string" ? artifact(bound) : String(bound);
  const column = step.column === undefined ? {} : { column: step.column };
  return { kind: "threshold", from: step.threshold, ...column, compare, value, output: step.output };
}

interface Source {
  readonly columns?: string[] | "numbers" | "categories" | "texts" | undefined;
  readonly from?: string | undefined;
  readonly output: string;
}

/** Without a word, a step takes what the previous one made; the first takes every input. */
function resolveSource(step: Source, previous: string | undefined, manifest: Manifest) {
  if (step.from !== undefined) return { from: step.from };
  if (step.columns === undefined && previous !== undefined) return { from: previous };
  const inputs = expandInputs(manifest);
  if (step.columns === undefined) return { columns: [...inputs.keys()] };
  if (Array.isArray(step.columns)) return { columns: step.columns };
  return { columns: inputsOf(inputs, step.columns === "categories" ? "codes" : step.columns) };
}

/** YAML keys reach us as texts: a whole number and true or false are what an artifact gives under that name. */
function labelPairs(map: Readonly<Record<string, string>>): [string | number | boolean, string][] {
  return Object.entries(map).map(([key, label]) => {
    if (/^-?\d+$/.test(key)) return [Number(key), label];
    return [/^true$/i.test(key) ? true : /^false$/i.test(key) ? false : key, label];
  });
}
