import { Refused } from "./cell";
import { countBraces, expandBraces } from "./expand-braces";
import { cellReader, columnsOf, hasColumnOfItsName, type Input } from "./input-types";
import { firstNames } from "./first-names";
import type { ManifestFinding } from "./manifest-finding";
import type { Manifest } from "./manifest";

const MOST_INPUTS = 1_000_000;
const MOST_TOLD = 12;

/** The inputs of a manifest: each column once, and rules that can be kept. */
export function checkInputs({ inputs }: Manifest): ManifestFinding[] {
  const total = inputs.reduce((sum, [pattern]) => sum + countBraces(pattern), 0);
  if (total > MOST_INPUTS) {
    const message = `there are ${total} inputs; at most ${MOST_INPUTS} can be served`;
    return [{ path: ["inputs"], message, remedy: "Mend the pattern in braces", isTooMany: true }];
  }
  const columns = new Columns();
  return inputs.flatMap(([pattern, input], i) => [
    ...columns.add(pattern, input, ["inputs", i]),
    ...ruleFindings(input, ["inputs", i, 1]),
  ]);
}

/** Every column of the rows, once. */
class Columns {
  private readonly inputs = new Set<string>();
  private readonly columns = new Set<string>();

  add(pattern: string, input: Input, path: PropertyKey[]): ManifestFinding[] {
    const findings: ManifestFinding[] = [];
    const told = (message: string, remedy: string): void => {
      if (findings.length < MOST_TOLD) findings.push({ path, message, remedy });
    };
    const isOne = hasColumnOfItsName(input);
    for (const name of expandBraces(pattern)) {
      const isTwice = this.inputs.size === this.inputs.add(name).size;
      const repeated = (isOne ? [name] : columnsOf(name, input)).find((column) => this.isRepeated(column));
      if (isTwice) told(`the input ${name} is declared twice`, "Keep one of the two");
      else if (repeated !== undefined) told(`two inputs make the column ${repeated}`, `Call ${name} otherwise`);
    }
    return findings;
  }

  private isRepeated(column: string): boolean {
    return this.columns.size === this.columns.add(column).size;
  }
}

function ruleFindings(input: Input, path: PropertyKey[]): ManifestFinding[] {
  if (input.type === "category") return categoryFindings(input, path);
  if (!hasColumnOfItsName(input)) return dateFindings(input, path);
  if (!("min" in input) || input.min === undefined || input.max === undefined || input.min <= input.max) return [];
  const message = `min ${input.min} is more than max ${input.max}: no number would be taken`;
  return [{ path: [...path, "min"], message, remedy: "Exchange them" }];
}

function dateFindings(input: Extract<Input, { parts: unknown }>, path: PropertyKey[]): ManifestFinding[] {
  const read = cellReader(input);
  const parts: readonly string[] = input.parts;
  const repeated = parts.find((part, i) => parts.indexOf(part) < i);
  return [
    ...(repeated === undefined
      ? []
      : [{ path: [...path, "parts"], message: `the part ${repeated} is there twice`, remedy: "Keep one of the two" }]),
    ...(["null", "absent"] as const).flatMap((rule): ManifestFinding[] => {
      const answer = input[rule];
      if (typeof answer !== "object") return [];
      const cell = read(answer.default);
      if (!(cell instanceof Refused)) return [];
      const message = `${rule}: the default ${JSON.stringify(answer.default)} is no ${input.type}`;
      return [{ path: [...path, rule], message, remedy: `Write ${cell.allowed}` }];
    }),
  ];
}

function categoryFindings(input: Extract<Input, { type: "category" }>, path: PropertyKey[]): ManifestFinding[] {
  const findings: ManifestFinding[] = [];
  const keys = input.values.map((value) => (input.case === "ignore" ? String(value).toLowerCase() : String(value)));
  if (new Set(input.values.map((value) => typeof value)).size > 1) {
    findings.push({ path, message: "values mixes numbers and texts", remedy: 'Quote them all ("1") or none' });
  }
  if (new Set(keys).size < keys.length) {
    findings.push({
      path,
      message: "values holds a value twice",
      remedy: "Keep one (case: ignore makes A and a the same)",
    });
  }
  for (const rule of ["null", "absent", "unknown"] as const) {
    const answer = input[rule];
    if (typeof answer === "object" && !input.values.includes(answer.default)) {
      const message = `${rule}: the default ${JSON.stringify(answer.default)} is not among the values`;
      findings.push({ path: [...path, rule], message, remedy: `Take one of ${firstNames(input.values.map(String))}` });
    }
  }
  return findings;
}
