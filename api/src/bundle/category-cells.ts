import { type CellReader, NO_CATEGORY, Refused, wordList } from "./cell";

export type CategoryValue = string | number;
type Rule = "error" | "nan" | "zeros" | { default: CategoryValue };

export interface CategoryRules {
  readonly values: readonly CategoryValue[];
  readonly case: "exact" | "ignore";
  readonly null: Rule;
  readonly absent: Rule;
  readonly unknown: Rule;
}

const WHOLE = /^[ \t-\r]*[+-]?\d+[ \t-\r]*$/;

/**
 * A category's cell to its code: its place among the values. Values are compared as text, so that a query string's "1"
 * finds the category 1, and "01" does too, as Python's int() would read it.
 */
export function categoryReader(rules: CategoryRules): CellReader {
  const numeric = typeof rules.values[0] === "number";
  const keyOf = numeric ? wholeKey : rules.case === "ignore" ? caselessKey : exactKey;
  const codes = new Map(rules.values.map((value, code) => [keyOf(value), code]));
  const refused = new Refused(`one of ${wordList(rules.values)}`);
  const answer = (rule: Rule): number | Refused => {
    if (rule === "error") return refused;
    return typeof rule === "object" ? (codes.get(keyOf(rule.default)) ?? refused) : NO_CATEGORY;
  };
  const [onNull, onAbsent, onUnknown] = [answer(rules.null), answer(rules.absent), answer(rules.unknown)];
  return (value) => {
    if (value === undefined) return onAbsent;
    if (value === null) return onNull;
    const key = keyOf(value);
    return key === undefined ? refused : (codes.get(key) ?? onUnknown);
  };
}

const exactKey = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const caselessKey = (value: unknown): string | undefined => exactKey(value)?.toLowerCase();
const wholeKey = (value: unknown): string | undefined => {
  if (typeof value === "string") return WHOLE.test(value) ? String(Number(value)) : value;
  return typeof value === "number" ? String(value) : undefined;
};
