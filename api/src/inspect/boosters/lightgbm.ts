import type { Cell, Instance } from "../../pickle/value";
import { instanceOf, textOf } from "../estimators/read-value";
import { Splits } from "../columns/splits";
import { bytesOf } from "./xgboost";

/** What the head of a LightGBM model's text says. */
export interface LightgbmModel {
  readonly format: string | undefined;
  readonly width: number | undefined;
  /** Undefined where they are LightGBM's own: Column_0, Column_1… */
  readonly names: readonly string[] | undefined;
  /** Per column, as far as it says: [low, high]. */
  readonly ranges: readonly (readonly [number, number] | undefined)[];
  /** Per column that was a pandas category: its values; the model itself numbers them. */
  readonly categories: ReadonlyMap<number, readonly Cell[]>;
  readonly objective: string | undefined;
  readonly splits: Splits;
}

const read = new WeakMap<Instance, LightgbmModel | undefined>();

export function readLightgbm(estimator: Instance): LightgbmModel | undefined {
  if (!read.has(estimator)) {
    const booster = instanceOf(estimator.attribute("_Booster")) ?? estimator;
    const handle = booster.attribute("handle") ?? booster.attribute("_handle");
    const bytes = bytesOf(handle);
    const text = textOf(handle) ?? (bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8"));
    read.set(estimator, text === undefined ? undefined : readText(text));
  }
  return read.get(estimator);
}

function readText(text: string): LightgbmModel {
  const trees = text.indexOf("\nTree=0");
  const head = text.slice(0, trees < 0 ? 100_000 : trees);
  const line = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, "m").exec(head)?.[1]?.trim();
  const last = Number(line("max_feature_idx") ?? Number.NaN);
  const names = line("feature_names")?.split(" ");
  return {
    format: line("version"),
    width: Number.isNaN(last) ? undefined : last + 1,
    names: names?.every((name, place) => name === `Column_${place}`) ? undefined : names,
    ranges: (line("feature_infos")?.split(" ") ?? []).map(rangeOf),
    categories: categoriesOf(line("feature_infos")?.split(" ") ?? [], categoriesIn(text)),
    objective: line("objective")?.split(" ")[0],
    splits: splitsIn(text, trees),
  };
}

const CATEGORY = 1; // of a decision's bits: what stands for a threshold counts its sets of categories

/** A line for each of a tree's arrays, in this order. */
function splitsIn(text: string, start: number): Splits {
  const splits = new Splits();
  let at = start;
  const numbers = (key: string): number[] => {
    const begin = text.indexOf(`\n${key}=`, at);
    if (begin < 0) return [];
    at = begin + key.length + 2;
    return text.slice(at, text.indexOf("\n", at)).split(" ").map(Number);
  };
  for (let tree = start; tree >= 0 && !splits.isFull; tree = text.indexOf("\nTree=", at)) {
    at = tree + 1;
    const end = text.indexOf("\nTree=", at);
    const begin = text.indexOf("\nsplit_feature=", at);
    if (begin < 0) break;
    if (end >= 0 && begin > end) continue; // a tree that is but a leaf
    const [columns, thresholds, decisions] = [numbers("split_feature"), numbers("threshold"), numbers("decision_type")];
    splits.addAll(columns, thresholds, (node) => ((decisions[node] ?? 0) & CATEGORY) === 0);
  }
  return splits;
}

function rangeOf(info: string): readonly [number, number] | undefined {
  const [, low, high] = /^\[(.+):(.+)\]$/.exec(info) ?? [];
  return low === undefined || high === undefined ? undefined : [Number(low), Number(high)];
}

/** A category's info is its codes, `0:1:2`; the lists of values stand in the order of these columns. */
function categoriesOf(infos: readonly string[], lists: readonly (readonly Cell[])[]): Map<number, readonly Cell[]> {
  const places = infos.flatMap((info, place) => (/^-?\d+(?::-?\d+)*$/.test(info) ? [place] : []));
  return new Map(places.length === lists.length ? places.map((place, at) => [place, lists[at] ?? []]) : []);
}

function categoriesIn(text: string): readonly (readonly Cell[])[] {
  const at = text.lastIndexOf("\npandas_categorical:");
  if (at < 0) return [];
  try {
    const found: unknown = JSON.parse(text.slice(at + "\npandas_categorical:".length).trim());
    return Array.isArray(found) ? (found as Cell[][]) : [];
  } catch {
    return [];
  }
}
