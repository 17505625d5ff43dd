import { expandBraces } from "./expand-braces";
import { type Input, tensorOf } from "./input-types";
import type { Manifest } from "./manifest";

/** The declared inputs in order, with every pattern written out. */
export function expandInputs(manifest: Pick<Manifest, "inputs">): Map<string, Input> {
  return new Map(
    manifest.inputs.flatMap(([pattern, input]) => expandBraces(pattern).map((name) => [name, input] as const)),
  );
}

/** The inputs of one tensor, in the order of its columns. */
export function inputsOf(inputs: ReadonlyMap<string, Input>, tensor: ReturnType<typeof tensorOf>): string[] {
  return [...inputs].filter(([, input]) => tensorOf(input) === tensor).map(([name]) => name);
}
