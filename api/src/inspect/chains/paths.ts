import { nameOf } from "../estimators/class-name";
import { partsOf } from "../estimators/parts";
import type { Instance } from "../../pickle/value";
import { type Candidate, placeText } from "./candidates";
import { type Fit, affinity, fit, keepsColumns } from "./fit";
import { isScaledBefore } from "./scaled-before";

/** Transformers in order, before a predictor. */
export interface Path {
  readonly transformers: readonly Candidate[];
  readonly score: number;
  readonly reasons: readonly string[];
  readonly doubts: readonly string[];
}

const longest = 5;

/** The best ways to a predictor through transformers; more than one where they are equally good. */
export function pathsTo(predictor: Candidate, transformers: readonly Candidate[]): Path[] {
  const usable = transformers.filter((one) => !isInside(one, predictor));
  const all = extended({ transformers: [], score: 0, reasons: [], doubts: [] }, predictor, predictor, usable);
  const found = all.filter(({ transformers: ways }) => ways.length > 0);
  const maximal = found.filter((path) => !found.some((other) => isPartOf(path, other)));
  const best = Math.max(...maximal.map(({ score }) => score));
  return maximal
    .filter(({ score }) => score >= best - 0.1)
    .sort((one, other) => other.score - one.score)
    .slice(0, 8);
}

/** A Pipeline with a scaler of its own is not scaled before. */
function isInside(transformer: Candidate, predictor: Candidate): boolean {
  const name = nameOf(transformer.estimator.class);
  return classesIn(predictor.value).has(name) && keepsColumns(transformer.estimator);
}

const classesIn = (instance: Instance): Set<string> =>
  new Set(partsOf(instance).flatMap(({ value }) => (value.kind === "instance" ? nameOf(value.class) : [])));

const isPartOf = (path: Path, other: Path): boolean =>
  path !== other &&
  path.transformers.length < other.transformers.length &&
  path.transformers.every((one) => other.transformers.includes(one));

/** Backwards from the predictor: whatever makes what the next one takes. */
function extended(path: Path, next: Candidate, predictor: Candidate, transformers: readonly Candidate[]): Path[] {
  if (path.transformers.length >= longest) return [path];
  const before = transformers.flatMap((one) => {
    if (path.transformers.includes(one)) return [];
    const fits = fit(one, next) ?? isScaledBefore(one, next);
    return fits === undefined ? [] : extended(prepended(path, one, fits, predictor), one, predictor, transformers);
  });
  return [path, ...before];
}

function prepended(path: Path, one: Candidate, fits: Fit, predictor: Candidate): Path {
  return {
    transformers: [one, ...path.transformers],
    score: path.score + fits.strength + affinity(one, predictor),
    reasons: [fits.reason, ...path.reasons],
    doubts: fits.doubt === undefined ? path.doubts : [fits.doubt, ...path.doubts],
  };
}

/** Where several ways are equally good, each says so. */
export function rivalry(paths: readonly Path[]): string[] {
  if (paths.length < 2) return [];
  const texts = paths.map(({ transformers }) => transformers.map(placeText).join(" → "));
  return [`${RIVALS}, and no file says which was used: ${texts.join("; ")}.`];
}

const RIVALS = "These fit equally well";

export const isRivalry = (doubt: string): boolean => doubt.startsWith(RIVALS);
