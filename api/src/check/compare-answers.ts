import type { Sample } from "../pin/sample-rows";
import type { Model } from "../predict/model";

/** A contract may answer with the seconds it took, which no sample can foretell. */
export function withoutSeconds(text: string, sample: Sample, { bundle }: Model): string {
  const { routes } = bundle.manifest.contract;
  const response = routes.find(({ method, path }) => `${method} ${path}` === sample.route)?.response;
  if (response?.shape !== "python_repr") return text;
  const key = `${JSON.stringify(response.time)}:`;
  const [before, after] = [text.slice(0, text.lastIndexOf(key)), text.slice(text.lastIndexOf(key))];
  return before + key + after.slice(key.length).replace(/^[0-9.e+-]+/, "0");
}

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** Of the largest number in the answer: between two kernels no more than this; float32 has no more digits. */
const NEAR = 1e-5;

/** The same words, and numbers as near as those of two kernels: for a machine that the sample has no outputs of. */
export function sameButForKernels(a: string, b: string): boolean {
  if (a.replaceAll(NUMBER, "0") !== b.replaceAll(NUMBER, "0")) return false;
  const [ours, theirs] = [a, b].map((text) => (text.match(NUMBER) ?? []).map(Number)) as [number[], number[]];
  const largest = Math.max(0, ...theirs.map(Math.abs));
  return ours.every((value, i) => Math.abs(value - (theirs[i] ?? NaN)) <= NEAR * largest);
}

/** Where two texts part, with what stands around it. */
export function firstDifference(is: string, said: string): string {
  let at = 0;
  while (at < is.length && is[at] === said[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 40), at + 60);
  return `…${around(is)}… in place of …${around(said)}…`;
}
