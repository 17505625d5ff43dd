import { expandInputs, inputColumns, inputsOf } from "./inputs";
import type { Manifest } from "./manifest";
import type { ArtifactRef, ResolvedStep } from "./resolved-step";
import type { forms } from "./step-source";
import type { Step, StepKind, StepOf } from "./steps";
import { stepKind } from "./steps";
import { cleaningOf } from "./text-cleaning";

/** What a step is resolved against. */
interface Around {
  readonly manifest: Manifest;
  /** The output of the step before it. */
  readonly previous: string | undefined;
}

type Resolver<K extends StepKind> = (step: StepOf<K>, around: Around) => ResolvedStep;

/** The table of steps: what each becomes in bundle.json. */
const resolvers: { readonly [K in StepKind]: Resolver<K> } = {
  transform: (step, around) => ({ kind: "transform", ...called(step.transform, step, around) }),
  predict: (step, around) => ({ kind: "predict", ...called(step.predict, step, around) }),
  predict_proba: (step, around) => ({ kind: "predict_proba", ...called(step.predict_proba, step, around) }),
  decision_function: (step, around) => ({ kind: "decision_function", ...called(step.decision_function, step, around) }),
  encode: ({ encode, columns = [], output }, { manifest }) => {
    const pairs =
      typeof encode === "string" ? columns.map((column) => [column, encode] as const) : Object.entries(encode);
    const encoders = pairs.map(([column, artifact]) => ({ column, artifact: artifactRef(artifact, manifest) }));
    return { kind: "encode", encoders, output };
  },
  code: (step, around) => {
    const dot = step.code.lastIndexOf(".");
    const named = step.names && { names: step.names };
    const [module, name] = [step.code.slice(0, dot), step.code.slice(dot + 1)];
    return { kind: "code", module, function: name, ...given(step, around), ...named };
  },
  one_hot: oneHot,
  select: ({ select, output }, { manifest }) => {
    const columns = typeof select === "string" ? artifactRef(select, manifest) : select;
    return { kind: "select", columns, output };
  },
  map: ({ map, other, output }) => ({
    kind: "map",
    columns: Object.entries(map).map(([name, numbers]) => ({
      name,
      map: Object.entries(numbers).map(([value, number]) => [value, decimalText(number)]),
    })),
    ...(other !== undefined && { other: typeof other === "number" ? decimalText(other) : other }),
    output,
  }),
  log: ({ log, base, output }) => ({ kind: "log", base, ...columnsOrFrom(log), output }),
  exp: ({ exp, base, output }) => ({ kind: "exp", base, ...columnsOrFrom(exp), output }),
  arithmetic: ({ arithmetic, output }) => ({
    kind: "arithmetic",
    columns: Object.entries(arithmetic).map(([name, expression]) => ({ name, expression })),
    output,
  }),
  clean_text: (step) => {
    const which = typeof step.clean_text === "string" ? { column: step.clean_text } : { columns: step.clean_text };
    return { kind: "clean_text", ...which, ...cleaningOf(step), output: step.output };
  },
  threshold: (step, { manifest }) => {
    const compare = step.at_least === undefined ? "above" : "at_least";
    const bound = step[compare] ?? 0;
    const value = typeof bound === "string" ? artifactRef(bound, manifest) : String(bound);
    const column = step.column === undefined ? {} : { column: step.column };
    return { kind: "threshold", from: step.threshold, ...column, compare, value, output: step.output };
  },
  labels: ({ labels, map, output }) => ({ kind: "labels", from: labels, map: labelPairs(map), output }),
};

export function resolveStep(step: Step, around: Around): ResolvedStep {
  const kind = stepKind(step);
  if (kind === undefined) throw new RangeError("a step has no name, which its schema should have told");
  return (resolvers[kind] as (step: Step, around: Around) => ResolvedStep)(step, around);
}

function artifactRef(name: string, { artifacts }: Manifest): ArtifactRef {
  const { file, key } = artifacts[name] ?? { file: name, key: [] };
  return { file, key };
}

interface Source {
  readonly columns?: string[] | "numbers" | "categories" | "texts" | undefined;
  readonly from?: string | undefined;
}
type Given = Source & { readonly as: (typeof forms)[number]; readonly output: string };

const given = (step: Given, around: Around) => ({ ...resolveSource(step, around), as: step.as, output: step.output });
const called = (name: string, step: Given, around: Around) => ({
  artifact: artifactRef(name, around.manifest),
  ...given(step, around),
});

/** Without a word, a step takes what the previous one made; the first takes every input. */
function resolveSource(step: Source, { manifest, previous }: Around) {
  if (step.from !== undefined) return { from: step.from };
  if (step.columns === undefined && previous !== undefined) return { from: previous };
  if (Array.isArray(step.columns)) return { columns: step.columns };
  const inputs = expandInputs(manifest);
  if (step.columns === undefined) return { columns: inputColumns(inputs) };
  return { columns: inputsOf(inputs, step.columns === "categories" ? "codes" : step.columns) };
}

const columnsOrFrom = (source: string | string[]) =>
  typeof source === "string" ? { from: source } : { columns: source };

/** The lists of values are written out only where they are not the inputs' own. */
function oneHot({ one_hot, drop_first, output }: StepOf<"one_hot">, { manifest }: Around): ResolvedStep {
  const columns = Array.isArray(one_hot) ? one_hot : Object.keys(one_hot);
  if (Array.isArray(one_hot) && !drop_first) return { kind: "one_hot", columns, output };
  const inputs = expandInputs(manifest);
  const values = columns.map((name) => {
    const input = inputs.get(name);
    const all = Array.isArray(one_hot) ? (input?.type === "category" ? input.values : []) : (one_hot[name] ?? []);
    return drop_first ? all.slice(1) : all;
  });
  return { kind: "one_hot", columns, values, output };
}

/** As Python reads it back to the same float64. */
const decimalText = (number: number): string => (Object.is(number, -0) ? "-0" : String(number));

/** YAML keys reach us as texts: a whole number and true or false are what an artifact gives under that name. */
function labelPairs(map: Readonly<Record<string, string>>): [string | number | boolean, string][] {
  return Object.entries(map).map(([key, label]) => {
    if (/^-?\d+$/.test(key)) return [Number(key), label];
    return [/^true$/i.test(key) ? true : /^false$/i.test(key) ? false : key, label];
  });
}
