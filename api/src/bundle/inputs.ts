import { expandBraces } from "./expand-braces";
import { columnsOf, hasColumnOfItsName, type Input, tensorOf } from "./input-types";
import type { Manifest } from "./manifest";

type Inputs = ReadonlyMap<string, Input>;

/** Written out once a manifest: there may be half a million of them, and every step asks. */
const written = new WeakMap<Manifest["inputs"], Inputs>();

/** The declared inputs in order, with every pattern written out. */
export function expandInputs({ inputs }: Pick<Manifest, "inputs">): Inputs {
  const known = written.get(inputs);
  if (known) return known;
  const expanded = new Map<string, Input>();
  for (const [pattern, input] of inputs) for (const name of expandBraces(pattern)) expanded.set(name, input);
  written.set(inputs, expanded);
  return expanded;
}

/** The names of one tensor's columns, in order. */
export function inputsOf(inputs: Inputs, tensor: ReturnType<typeof tensorOf>): string[] {
  const names: string[] = [];
  for (const [name, input] of inputs) if (tensorOf(input) === tensor) addColumns(names, name, input);
  return names;
}

/** The names of all columns that rows bring, in the order of the inputs. */
export function inputColumns(inputs: Inputs): string[] {
  const names: string[] = [];
  for (const [name, input] of inputs) addColumns(names, name, input);
  return names;
}

function addColumns(names: string[], name: string, input: Input): void {
  if (hasColumnOfItsName(input)) names.push(name);
  else names.push(...columnsOf(name, input));
}
