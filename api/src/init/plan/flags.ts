import type { Chain, FolderInspection } from "../../inspect/inspection";
import type { Cell } from "../../pickle/value";
import { estimatorAt } from "../chain/place";

type Transformer = Chain["transformers"][number];

export interface Flags {
  readonly values: Readonly<Record<string, readonly (string | number)[]>>;
  readonly dropsFirst: boolean;
  /** Of the columns that come out. */
  readonly names: readonly string[];
}

/**
 * A OneHotEncoder of some columns alone has said with its categories all that it does. The step `one_hot` does the very
 * same, and its columns have the names that scalers and models were fitted with.
 */
export function flagsOf(inspection: FolderInspection, transformer: Transformer): Flags | undefined {
  const estimator = estimatorAt(inspection, transformer);
  if (transformer.columns === undefined || !estimator?.class.endsWith("._encoders.OneHotEncoder")) return undefined;
  const drop = estimator.settings["drop"] ?? null;
  const lists = transformer.columns.map((column) => estimator.inputs.find(({ name }) => name === column)?.categories);
  if ((drop !== null && drop !== "first") || !lists.every(areValues)) return undefined;
  const values = transformer.columns.map((column, i) => [column, lists[i] as (string | number)[]] as const);
  const start = drop === "first" ? 1 : 0;
  return {
    values: Object.fromEntries(values),
    dropsFirst: drop === "first",
    names: values.flatMap(([column, list]) => list.slice(start).map((value) => `${column}_${value}`)),
  };
}

const areValues = (list: readonly Cell[] | undefined): boolean =>
  list?.every((value) => typeof value === "string" || Number.isInteger(value)) === true;

/** What the whole table is called once the flags are made; undefined where its columns are the inputs. */
export function columnsWithFlags(inspection: FolderInspection, chain: Chain): readonly string[] | undefined {
  const made = chain.transformers.map((transformer) => flagsOf(inspection, transformer)?.names);
  if (made.every((names) => names === undefined)) return undefined;
  const entrance = chain.transformers.find(({ columns }) => columns === undefined) ?? chain.predictor;
  const names = estimatorAt(inspection, entrance)?.names ?? chain.names?.names;
  return names ?? chain.transformers.flatMap(({ columns }, i) => made[i] ?? columns ?? []);
}

/** The chain without what steps do in place of an artifact. */
export const withoutFlags = (inspection: FolderInspection, chain: Chain): Chain => ({
  ...chain,
  transformers: chain.transformers.filter((transformer) => flagsOf(inspection, transformer) === undefined),
});
