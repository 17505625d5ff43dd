import type { Input } from "./input-types";
import type { ManifestFinding } from "./manifest-finding";
import type { StepOf } from "./steps";

/**
 * Rows are judged by their inputs' rules alone. A number that has no logarithm must be refused by one of these, or it
 * reaches the artifacts as an infinity or nan, and what they say of that names no row.
 */
export function logarithmFinding(
  name: string,
  input: Input,
  { base }: StepOf<"log">,
): Omit<ManifestFinding, "path"> | undefined {
  const bound = base === "1p" ? -1 : 0;
  const has = base === "1p" ? "log1p" : "a logarithm";
  if (input.type === "boolean") {
    if (bound < 0) return undefined;
    return { message: `${name} may be false, which has no logarithm`, remedy: "Say base: 1p, or take another column" };
  }
  if (!(input.type === "number" || input.type === "integer" || input.type === "currency" || input.type === "percent"))
    return undefined;
  const { min, map = {} } = input;
  if (min === undefined || min <= bound) {
    const message = `${name} may be ${min ?? bound}, and only what is more than ${bound} has ${has}`;
    return { message, remedy: `Give the input ${name} a min of more than ${bound}, such as min: ${bound + 1}` };
  }
  const given: [string, unknown][] = [
    ...(["null", "absent"] as const).map((rule): [string, unknown] => [rule, defaultOf(input[rule])]),
    ...Object.entries(map).map(([word, number]): [string, unknown] => [`map: ${word}`, number]),
  ];
  const without = given.find(([, number]) => typeof number === "number" && number <= bound);
  if (without === undefined) return undefined;
  const message = `${name} may be ${String(without[1])} (${without[0]}), and only what is more than ${bound} has ${has}`;
  return { message, remedy: `Give it a number of more than ${bound}` };
}

const defaultOf = (rule: string | { default: number }): number | undefined =>
  typeof rule === "object" ? rule.default : undefined;
