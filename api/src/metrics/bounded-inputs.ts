import type { Counter } from "prom-client";

/** A bundle may have half a million inputs: those that are met first get a series each, all others one together. */
const MOST_INPUTS = 1_000;
const OTHERS = "(others)";

export function boundedInputs(
  counter: Counter<"model" | "input">,
): (model: string, counts: ReadonlyMap<string, number>) => void {
  const known = new Map<string, Set<string>>();
  return (model, counts) => {
    const inputs = known.get(model) ?? new Set();
    known.set(model, inputs);
    for (const [input, count] of counts) {
      if (inputs.size < MOST_INPUTS) inputs.add(input);
      counter.inc({ model, input: inputs.has(input) ? input : OTHERS }, count);
    }
  };
}
