import { failed } from "../result";
import { isMissing } from "../sample/infer-entry";
import type { InputEntry } from "./plan";
import type { InputsWanted, NamedFact } from "./plan-inputs";

export interface OneHot {
  readonly columns: readonly string[];
  readonly inputs: readonly NamedFact[];
  readonly values: ReadonlyMap<string, readonly (string | number)[]>;
  /** The names in order that the predictor takes; undefined where the step makes just those. */
  readonly select: readonly string[] | undefined;
}

/**
 * Columns that the training's own code had made one-hot: the model knows `<column>_<value>`, callers send `<column>`.
 * Its values are those that a JSON file lists, else those in the names and in the sample.
 */
export function planOneHot(wanted: InputsWanted, named: readonly NamedFact[]): OneHot | undefined {
  const { answers, chain } = wanted;
  const names = answers.columns ?? chain.select?.names ?? chain.names?.names ?? named.map(({ name }) => name);
  const found =
    chain.select === undefined ? [] : named.filter((fact) => isFlagged(fact, names)).map(({ name }) => name);
  const columns = [...new Set([...answers.oneHot, ...found])];
  if (columns.length === 0) return undefined;
  const values = new Map(columns.map((column) => [column, valuesOf(column, names, wanted)] as const));
  const isMade = (name: string): boolean => columns.some((column) => name.startsWith(`${column}_`));
  const base = named.filter(({ name }) => !isMade(name) && !columns.includes(name));
  const flags = columns.map((name, i): NamedFact => {
    const own = values.get(name) ?? [];
    const place = base.length + i;
    return { name, place, type: "category", categories: own, nullable: false, entry: entryOf(name, own, wanted) };
  });
  const made = columns.flatMap((column) => (values.get(column) ?? []).map((value) => `${column}_${value}`));
  const isSame = base.length === 0 && made.length === names.length && made.every((name, i) => name === names[i]);
  return { columns, inputs: [...base, ...flags], values, select: isSame ? undefined : names };
}

/** A category that the model knows by its flags alone. */
const isFlagged = ({ name, type }: NamedFact, names: readonly string[]): boolean =>
  type === "category" && !names.includes(name) && names.some((flag) => flag.startsWith(`${name}_`));

/** A missing value has no flag, as get_dummies has it. */
function entryOf(name: string, values: readonly (string | number)[], { sample }: InputsWanted): InputEntry {
  const hasMissing = sample?.rows.some((row) => row[name] !== undefined && isMissing(row[name])) === true;
  return { type: "category", values, ...(hasMissing && { null: "zeros" }) };
}

function valuesOf(
  column: string,
  names: readonly string[],
  { lists, sample, answers }: InputsWanted,
): (string | number)[] {
  const inNames = names.filter((name) => name.startsWith(`${column}_`)).map((name) => name.slice(column.length + 1));
  const listed = lists.get(column);
  if (listed !== undefined && inNames.every((value) => listed.some((one) => String(one) === value))) return [...listed];
  const seen = (sample?.rows ?? []).map((row) => row[column]).filter((cell) => !isMissing(cell));
  const all = [...new Set([...inNames, ...seen.map(String).toSorted()])];
  if (all.length === 0 && answers.inputs.every(({ pattern }) => pattern !== column)) {
    const remedy = `They are ${names.slice(0, 20).join(", ")}: name the columns that these begin with.`;
    throw failed("usage", `--one-hot ${column}: no column of the model begins with ${column}_.`, remedy);
  }
  return all.every((value) => /^(0|-?[1-9]\d*)$/.test(value)) ? all.map(Number).toSorted((a, b) => a - b) : all;
}
