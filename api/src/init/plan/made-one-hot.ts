import type { InputFact } from "../../inspect/inspection";
import type { Sample } from "../sample/read-sample";

/** Columns that look like one column's values: city_London, city_Paris. */
export interface MadeOneHot {
  readonly column: string;
  readonly values: readonly string[];
}

type Named = InputFact & { readonly name: string };

/** By their names; what is known of their numbers may not speak against it, and must speak for it where names are vague. */
export function madeOneHot(inputs: readonly InputFact[], names: readonly string[] | undefined): MadeOneHot[] {
  const named = inputs.flatMap((fact, i): Named[] => {
    const name = names?.[i] ?? fact.name;
    return name === undefined ? [] : [{ ...fact, name }];
  });
  const flags = named.filter(mayBeFlag);
  return groupsOf(flags, "")
    .filter((group) => isWhole(group, named) && areFlags(group, named.length))
    .map(({ column, members }) => ({ column, values: members.map(({ name }) => name.slice(column.length + 1)) }));
}

interface Group {
  readonly column: string;
  readonly members: readonly Named[];
}

/** As much of the names as all of a group share, up to a _. */
function groupsOf(members: readonly Named[], prefix: string): Group[] {
  const byNext = new Map<string, Named[]>();
  for (const one of members) {
    const at = one.name.indexOf("_", prefix.length + 1);
    if (at < 1 || at === one.name.length - 1) continue;
    const next = one.name.slice(0, at);
    byNext.set(next, [...(byNext.get(next) ?? []), one]);
  }
  const deeper = [...byNext].filter(([, some]) => some.length > 1);
  const isCovered = deeper.reduce((count, [, some]) => count + some.length, 0) === members.length;
  if (prefix !== "" && !isCovered) return [{ column: prefix, members }];
  return deeper.flatMap(([next, some]) => groupsOf(some, next));
}

const within = (number: number): boolean => number >= 0 && number <= 1;

/** 0 or 1, as far as anything is known of it. */
const mayBeFlag = ({ type, categories, typical = 0, range = [0, 1], thresholds = [] }: Named): boolean =>
  (type === "number" || type === "unknown") &&
  categories === undefined &&
  [typical, ...range, ...thresholds].every(within);

/** No column beside it is called as they are. */
const isWhole = ({ column, members }: Group, all: readonly Named[]): boolean =>
  all.every(
    ({ name }) => name !== column && (!name.startsWith(`${column}_`) || members.some((one) => one.name === name)),
  );

/** Shares that make a whole, trees that ask one thing alone of each, or names that are no measures. */
function areFlags({ column, members }: Group, all: number): boolean {
  const shares = members.reduce((sum, { typical = 0 }) => sum + typical, 0);
  if (shares > 1.001) return false;
  const asked = members.flatMap(({ thresholds }) => (thresholds === undefined ? [] : [thresholds.length]));
  const isAsked = asked.length > 0 && asked.every((count) => count === 1);
  if (shares > 0.999 || isAsked) return true;
  // feature_0 to feature_9, and nothing else, are numbered columns.
  return members.length < all && members.every(({ name }) => looksLikeValue(name.slice(column.length + 1)));
}

/** width and length are measures; London, 3 and "not graduate" are values. */
const looksLikeValue = (value: string): boolean => /^[\p{Lu}\p{N}<>-]|\s/u.test(value);

/** Those that the sample has as one column: it says that callers do. */
export function oneHotInSample(made: readonly MadeOneHot[], sample: Sample | undefined): string[] {
  if (sample === undefined || sample.isPositional) return [];
  const known = new Set(sample.columns);
  return made
    .filter(({ column, values }) => known.has(column) && values.every((value) => !known.has(`${column}_${value}`)))
    .map(({ column }) => column);
}
