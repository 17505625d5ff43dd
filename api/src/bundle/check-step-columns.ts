import { namesIn } from "./arithmetic";
import { logarithmFinding } from "./check-logarithm";
import { expandInputs, inputColumns } from "./inputs";
import { columnsOf, hasColumnOfItsName, type Input } from "./input-types";
import { firstNames } from "./first-names";
import type { ManifestFinding } from "./manifest-finding";
import type { Manifest } from "./manifest";
import { isStep, type Step, stepKind } from "./steps";

type What = "any" | "number" | "text";

/** The columns that a step names, by the key that names them, and what each must hold. */
function columnsNamedBy(step: Step): { key: string; names: readonly string[]; what: What }[] {
  if (isStep(step, "map")) return [{ key: "map", names: Object.keys(step.map), what: "any" }];
  if (isStep(step, "encode")) {
    const names = typeof step.encode === "string" ? (step.columns ?? []) : Object.keys(step.encode);
    return [{ key: typeof step.encode === "string" ? "columns" : "encode", names, what: "any" }];
  }
  if (isStep(step, "log") && Array.isArray(step.log)) return [{ key: "log", names: step.log, what: "number" }];
  if (isStep(step, "exp") && Array.isArray(step.exp)) return [{ key: "exp", names: step.exp, what: "number" }];
  if (isStep(step, "arithmetic"))
    return [{ key: "arithmetic", names: Object.values(step.arithmetic).flatMap(namesIn), what: "number" }];
  if (isStep(step, "clean_text")) return [{ key: "clean_text", names: [step.clean_text].flat(), what: "text" }];
  if (isStep(step, "select") && Array.isArray(step.select))
    return [{ key: "select", names: step.select, what: "number" }];
  return "columns" in step && Array.isArray(step.columns) ? [{ key: "columns", names: step.columns, what: "any" }] : [];
}

/** The columns that a step makes, or undefined where only its artifact knows. */
function columnsMadeBy(step: Step): readonly string[] | undefined {
  switch (stepKind(step)) {
    case "threshold":
    case "labels":
      return [step.output];
    case "arithmetic":
      return isStep(step, "arithmetic") ? Object.keys(step.arithmetic) : undefined;
    case "clean_text":
      return isStep(step, "clean_text") && typeof step.clean_text !== "string" ? step.clean_text : [step.output];
    case "map":
    case "encode":
      return columnsNamedBy(step).flatMap(({ names }) => names);
    case "log":
    case "exp":
    case "select": {
      const [named] = columnsNamedBy(step);
      return named?.names;
    }
    default:
      return undefined;
  }
}

/** Whether the columns that a step names are there by then, and hold what it needs. */
export class StepColumns {
  private readonly inputs: ReadonlyMap<string, Input>;
  /** Columns that are not called as their inputs are. */
  private readonly parts: ReadonlySet<string>;
  private readonly made = new Set<string>();
  /** An earlier step may have made columns whose names only its artifact knows. */
  private anyMayBe = false;

  constructor(manifest: Manifest) {
    this.inputs = expandInputs(manifest);
    const dated = manifest.inputs.filter(([, input]) => !hasColumnOfItsName(input));
    this.parts = new Set(inputColumns(expandInputs({ inputs: dated })));
  }

  add(step: Step): void {
    const made = columnsMadeBy(step);
    if (made === undefined) this.anyMayBe = true;
    for (const name of made ?? [step.output]) this.made.add(name);
  }

  findingsOf(step: Step): ManifestFinding[] {
    if (isStep(step, "one_hot")) return this.oneHotFindings(step);
    const named = columnsNamedBy(step).flatMap(({ key, names, what }) =>
      names
        .map((name) => this.findingOf(name, what))
        .flatMap((finding) => (finding ? [{ path: [key], ...finding }] : [])),
    );
    if (isStep(step, "map")) return [...named, ...this.mapFindings(step)];
    return isStep(step, "log") ? [...named, ...this.logFindings(step)] : named;
  }

  private logFindings(step: Extract<Step, { log: unknown }>): ManifestFinding[] {
    const names = typeof step.log === "string" ? [] : step.log;
    return names.flatMap((name): ManifestFinding[] => {
      const input = this.anyMayBe || this.made.has(name) ? undefined : this.inputs.get(name);
      const finding = input && logarithmFinding(name, input, step);
      return finding ? [{ path: ["log"], ...finding }] : [];
    });
  }

  private findingOf(name: string, what: What): Omit<ManifestFinding, "path"> | undefined {
    if (this.anyMayBe || this.made.has(name) || this.parts.has(name)) return undefined;
    const input = this.inputs.get(name);
    if (!input || !hasColumnOfItsName(input)) {
      if (!input) return { message: `there is no input ${name}`, remedy: "Take names declared under inputs" };
      const parts = columnsOf(name, input);
      return { message: `the input ${name} has no column of its own`, remedy: `Take ${firstNames(parts)}` };
    }
    if (what === "number" && (input.type === "category" || input.type === "text"))
      return { message: `${name} is no number`, remedy: "Take it through encode or map first" };
    if (what === "text" && input.type !== "text" && typeof textOf(input) !== "string")
      return { message: `${name} is no text`, remedy: "clean_text takes inputs of type text" };
    return undefined;
  }

  private oneHotFindings({ one_hot }: Extract<Step, { one_hot: unknown }>): ManifestFinding[] {
    const lists = Array.isArray(one_hot) ? one_hot.map((name) => [name, []] as const) : Object.entries(one_hot);
    return lists.flatMap(([name, values]): ManifestFinding[] => {
      const input = this.inputs.get(name);
      if (input?.type !== "category")
        return [
          { path: ["one_hot"], message: `${name} is not a category`, remedy: "one_hot takes inputs of type category" },
        ];
      const stranger = values.find((value) => !input.values.includes(value));
      if (stranger === undefined) return [];
      const message = `${JSON.stringify(stranger)} is not among the values of ${name}`;
      return [{ path: ["one_hot", name], message, remedy: `Take some of ${firstNames(input.values.map(String))}` }];
    });
  }

  private mapFindings({
    map,
    other,
  }: Extract<Step, { map: Record<string, Record<string, number>> }>): ManifestFinding[] {
    return Object.entries(map).flatMap(([name, numbers]): ManifestFinding[] => {
      const input = this.made.has(name) ? undefined : this.inputs.get(name);
      if (!input || input.type === "text") return [];
      if (input.type !== "category") {
        const word = Object.keys(numbers).find(
          (key) => key.trim() === "" || (Number.isNaN(Number(key)) && key !== "nan"),
        );
        if (word === undefined) return [];
        const remedy = `Write numbers, or make ${name} a category; a number or a text: the input's own map`;
        return [{ path: ["map", name], message: `${name} is a number, and ${JSON.stringify(word)} is none`, remedy }];
      }
      const missing = other === undefined ? input.values.filter((value) => !Object.hasOwn(numbers, String(value))) : [];
      if (missing.length === 0) return [];
      const remedy = "Add them, or say what every other value is with other";
      return [
        {
          path: ["map", name],
          message: `${name} may be ${firstNames(missing.map(String))}, which is not listed`,
          remedy,
        },
      ];
    });
  }
}

const textOf = (input: Input): unknown => (input.type === "category" ? input.values[0] : undefined);
