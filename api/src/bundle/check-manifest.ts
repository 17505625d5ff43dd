import { expandBraces } from "./expand-braces";
import { expandInputs } from "./inputs";
import type { Input } from "./input-types";
import type { Manifest } from "./manifest";
import { isStep, type Step, stepKind } from "./steps";

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly remedy: string;
}

/** What no schema can see: names that must exist, and things that must fit each other. All faults at once. */
export function checkManifest(manifest: Manifest): Fault[] {
  return [...inputFaults(manifest), ...stepFaults(manifest), ...outputFaults(manifest), ...contractFaults(manifest)];
}

const list = (names: Iterable<string>): string => [...names].slice(0, 12).join(", ");

function inputFaults({ inputs }: Manifest): Fault[] {
  const seen = new Set<string>();
  return inputs.flatMap(([pattern, input], i) => {
    const twice = expandBraces(pattern).filter((name) => seen.size === seen.add(name).size);
    const faults = twice.map((name) => ({
      path: ["inputs", i],
      message: `the input ${name} is declared twice`,
      remedy: "Keep one of the two",
    }));
    return [...faults, ...categoryFaults(input, ["inputs", i, 1])];
  });
}

function categoryFaults(input: Input, path: PropertyKey[]): Fault[] {
  if (input.type !== "category") return [];
  const faults: Fault[] = [];
  const keys = input.values.map((value) => (input.case === "ignore" ? String(value).toLowerCase() : String(value)));
  if (new Set(input.values.map((value) => typeof value)).size > 1) {
    faults.push({ path, message: "values mixes numbers and texts", remedy: 'Quote them all ("1") or none' });
  }
  if (new Set(keys).size < keys.length) {
    faults.push({
      path,
      message: "values holds a value twice",
      remedy: "Keep one (case: ignore makes A and a the same)",
    });
  }
  for (const rule of ["null", "absent", "unknown"] as const) {
    const answer = input[rule];
    if (typeof answer === "object" && !input.values.includes(answer.default)) {
      const message = `${rule}: the default ${JSON.stringify(answer.default)} is not among the values`;
      faults.push({ path: [...path, rule], message, remedy: `Take one of ${list(input.values.map(String))}` });
    }
  }
  return faults;
}

function stepFaults(manifest: Manifest): Fault[] {
  const inputs = expandInputs(manifest);
  const made = new Set<string>();
  return manifest.steps.flatMap((step, i) => {
    const faults = [
      ...artifactFaults(step, manifest),
      ...sourceFaults(step, made),
      ...columnFaults(step, inputs, made),
    ].map((fault) => ({ ...fault, path: ["steps", i, ...fault.path] }));
    if (made.has(step.output)) {
      const message = `two steps are called ${step.output}`;
      faults.push({ path: ["steps", i, "output"], message, remedy: "Give each step's output a name of its own" });
    }
    made.add(step.output);
    return faults;
  });
}

/** The artifacts that a step names, by the key that names them. */
function artifactNames(step: Step): [key: string, artifact: string][] {
  const kind = stepKind(step);
  if (kind === "transform" || kind === "predict" || kind === "predict_proba") {
    return [[kind, (step as unknown as Record<string, string>)[kind] ?? ""]];
  }
  if (isStep(step, "select")) return typeof step.select === "string" ? [["select", step.select]] : [];
  if (!isStep(step, "threshold")) return [];
  return (["at_least", "above"] as const).flatMap((key) => (typeof step[key] === "string" ? [[key, step[key]]] : []));
}

function artifactFaults(step: Step, { artifacts }: Manifest): Fault[] {
  return artifactNames(step)
    .filter(([, artifact]) => !Object.hasOwn(artifacts, artifact))
    .map(([key, artifact]) => ({
      path: [key],
      message: `there is no artifact ${artifact}`,
      remedy: `Name one under artifacts (there are: ${list(Object.keys(artifacts)) || "none"})`,
    }));
}

function sourceFaults(step: Step, made: ReadonlySet<string>): Fault[] {
  const sources = [
    ...("from" in step && step.from !== undefined ? [["from", step.from] as const] : []),
    ...(isStep(step, "threshold") ? [["threshold", step.threshold] as const] : []),
    ...(isStep(step, "labels") ? [["labels", step.labels] as const] : []),
  ];
  const faults: Fault[] = sources
    .filter(([, source]) => !made.has(source))
    .map(([key, source]) => ({
      path: [key],
      message: `no earlier step is called ${source}`,
      remedy: made.size > 0 ? `The earlier steps are ${list(made)}` : "It is the first step: take columns instead",
    }));
  if ("from" in step && step.from !== undefined && step.columns !== undefined) {
    faults.push({ path: ["columns"], message: "a step takes columns or from, not both", remedy: "Remove one" });
  }
  return faults;
}

function columnFaults(step: Step, inputs: ReadonlyMap<string, Input>, made: ReadonlySet<string>): Fault[] {
  if (isStep(step, "one_hot")) {
    return step.one_hot
      .filter((name) => inputs.get(name)?.type !== "category")
      .map((name) => ({
        path: ["one_hot"],
        message: `${name} is not a category`,
        remedy: "one_hot takes inputs of type category",
      }));
  }
  const columns = "columns" in step && Array.isArray(step.columns) ? step.columns : [];
  if (made.size > 0) return []; // an earlier step may have made columns whose names only its artifact knows
  return columns
    .filter((name) => !inputs.has(name))
    .map((name) => ({
      path: ["columns"],
      message: `there is no input ${name}`,
      remedy: "Take names declared under inputs",
    }));
}

function outputFaults({ outputs, steps }: Manifest): Fault[] {
  const made = steps.map((step) => step.output);
  return Object.entries(outputs)
    .filter(([, output]) => !made.includes(output.from))
    .map(([name, output]) => ({
      path: ["outputs", name],
      message: `no step is called ${output.from}`,
      remedy: `The steps are ${list(made)}`,
    }));
}

function contractFaults(manifest: Manifest): Fault[] {
  const outputs = Object.keys(manifest.outputs);
  const made = manifest.steps.map((step) => step.output);
  const seen = new Set<string>();
  return manifest.contract.routes.flatMap((route, i) => {
    const path = ["contract", "routes", i];
    const unknown = (name: string, known: string[], what: string): Fault[] =>
      known.includes(name)
        ? []
        : [{ path: [...path, "response"], message: `there is no ${what} ${name}`, remedy: `There are ${list(known)}` }];
    const { response } = route;
    const fields = response.shape === "python_repr" ? [response.value] : Object.values(response.fields);
    const address = `${route.method} ${route.path}`;
    const twice = seen.size === seen.add(address).size;
    return [
      ...(twice ? [{ path, message: `${address} is there twice`, remedy: "Keep one of the two" }] : []),
      ...fields.flatMap((field) => {
        if ("output" in field) return unknown(field.output, outputs, "output");
        if ("spread" in field) return unknown(field.spread, outputs, "output");
        return "columns_of" in field ? unknown(field.columns_of, made, "step") : [];
      }),
    ];
  });
}
