import { type CellReader, Refused, wordList } from "./cell";
import { plainDecimal } from "./plain-decimal";

// Outer blanks are ASCII's (tab to carriage return, space): \s takes a byte order mark too, which float() refuses.
// Python's float() takes more than this (underscores, "inf", other digits), which no one means in a row.
// No two of its parts can take the same characters in turn, so a hostile string costs no more than its length.
const NUMBER = /^[ \t-\r]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t-\r]*$/;
const WHOLE = /^[ \t-\r]*[+-]?\d+[ \t-\r]*$/;
const MISSING = /^[ \t-\r]*(nan[ \t-\r]*)?$/i;
const MONEY =
  /^[ \t-\r]*(?<open>\()?(?<before>[+-]?)\$?(?<after>[+-]?)(?<amount>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?<close>\))?[ \t-\r]*$/;

/** A cell's text or number to the float64 that Python would read, or undefined where it is none. */
export type ParseNumber = (value: unknown) => number | undefined;

export const parseNumber: ParseNumber = (value) => {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  return plainDecimal(value) ?? (NUMBER.test(value) ? Number(value) : undefined);
};

/** A whole number that float64 holds exactly. */
export const parseInteger: ParseNumber = (value) => {
  if (typeof value === "string" && !WHOLE.test(value)) return undefined;
  const number = parseNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
};

export const parseBoolean: ParseNumber = (value) => {
  if (value === true || value === 1 || value === "true") return 1;
  return value === false || value === 0 || value === "false" ? 0 : undefined;
};

/** "$5,547.78", "$-5", "-$5"; an amount in parentheses is negative, as accountants write it. */
export const parseCurrency: ParseNumber = (value) => {
  if (typeof value !== "string") return parseNumber(value);
  const parts = MONEY.exec(value)?.groups;
  if (!parts) return parseNumber(value);
  const sign = (parts["open"] ?? "") + (parts["before"] ?? "") + (parts["after"] ?? "");
  if (sign.length > 1 || (parts["open"] === undefined) !== (parts["close"] === undefined)) return undefined;
  const amount = Number((parts["amount"] ?? "").replaceAll(",", ""));
  return sign === "-" || sign === "(" ? -amount : amount;
};

/** "36.29%" is 36.29: the sign goes, nothing is divided. */
export const parsePercent: ParseNumber = (value) =>
  parseNumber(typeof value === "string" ? withoutPercentSign(value.trimEnd()) : value);

const withoutPercentSign = (text: string): string => (text.endsWith("%") ? text.slice(0, -1) : text);

export const parseFraction: ParseNumber = (value) => {
  const percent = parsePercent(value);
  return percent === undefined ? undefined : percent / 100;
};

export interface NumberRules {
  readonly null: "error" | "nan" | { default: number };
  readonly absent: "error" | "nan" | { default: number };
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Texts that stand for a number, letter by letter as written here. */
  readonly map?: Readonly<Record<string, number>> | undefined;
}

/** null, "", blanks and "nan" are the missing value. */
export function numberReader(rules: NumberRules, parse: ParseNumber, allowed: string): CellReader {
  const { min = -Infinity, max = Infinity } = rules;
  const range = [min > -Infinity && `at least ${min}`, max < Infinity && `at most ${max}`].filter(
    (text) => text !== false,
  );
  const words = new Map(Object.entries(rules.map ?? {}));
  const orWords = words.size > 0 ? [`or one of ${wordList([...words.keys()])}`] : [];
  const refused = new Refused([allowed, ...range, ...orWords].join(", "));
  const answer = (rule: NumberRules["null"]): number | Refused =>
    rule === "error" ? refused : rule === "nan" ? NaN : rule.default;
  const onNull = answer(rules.null);
  const onAbsent = answer(rules.absent);
  const read: CellReader = (value) => {
    if (value === undefined) return onAbsent;
    const number = parse(value);
    if (number === undefined) return isMissing(value) ? onNull : refused;
    return number >= min && number <= max && Number.isFinite(number) ? number : refused;
  };
  if (words.size === 0) return read;
  return (value) => (typeof value === "string" ? words.get(value) : undefined) ?? read(value);
}

const isMissing = (value: unknown): boolean => value === null || (typeof value === "string" && MISSING.test(value));
