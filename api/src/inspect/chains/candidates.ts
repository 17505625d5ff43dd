import type { Instance, Value } from "../../pickle/value";
import { at, mappingOf, valuesOf } from "../estimators/read-value";
import type { Estimator, FileInspection, Place, Thing } from "../inspection";

/** An estimator, and where it lies. */
export interface Placed extends Place {
  readonly estimator: Estimator;
}

/** An estimator that somebody may want to join with others: a file's own, or one in a dict or a list. */
export interface Candidate extends Placed {
  readonly inspection: FileInspection;
  readonly value: Instance;
}

export interface OpenFile {
  readonly inspection: FileInspection;
  readonly root: Value | undefined;
}

const deepest = 3;

export function candidatesIn({ inspection, root }: OpenFile): Candidate[] {
  if (root === undefined || inspection.sameAs !== undefined) return [];
  return found(inspection.thing, []).flatMap(({ key, estimator }) => {
    const value = valueAt(root, key);
    return value?.kind === "instance" ? [{ file: inspection.file, key, estimator, inspection, value }] : [];
  });
}

type Key = readonly (string | number)[];

function found(thing: Thing | undefined, key: Key): { key: Key; estimator: Estimator }[] {
  if (thing?.kind === "estimator") return [{ key, estimator: thing }];
  if (key.length >= deepest) return [];
  if (thing?.kind === "dict") return thing.entries.flatMap(([name, member]) => found(member, [...key, name]));
  if (thing?.kind === "list") return thing.first.flatMap((member, place) => found(member, [...key, place]));
  return [];
}

function valueAt(root: Value, key: Key): Value | undefined {
  let value: Value | undefined = root;
  for (const step of key) {
    const list: Value | undefined = value;
    value =
      mappingOf(list)?.get(step) ?? (typeof step === "number" ? (at(list, step) ?? valuesOf(list)[step]) : undefined);
  }
  return value;
}

export const isPredictor = ({ estimator }: Candidate): boolean =>
  estimator.role === "predictor" && estimator.answers.includes("predict");

export const isTransformer = ({ estimator }: Candidate): boolean =>
  estimator.role === "transformer" && estimator.answers.includes("transform");

export const isLabelEncoder = ({ estimator }: Candidate): boolean => estimator.role === "label-encoder";

/** As the flags of init have it: file.pkl, file.pkl#key, file.pkl#models#0. */
export const placeText = ({ file, key }: Place): string => [file, ...key].join("#");

export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf("/")));
