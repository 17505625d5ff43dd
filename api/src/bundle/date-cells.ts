import { type CellReader, Refused } from "./cell";

/** What of a date or time becomes a number column of its own, called `<input>_<part>`. */
export const DATE_PARTS = ["year", "month", "day", "weekday", "day_of_year", "epoch_days", "ordinal"] as const;
export const TIME_PARTS = ["hour", "minute", "second"] as const;
export const DATETIME_PARTS = [...DATE_PARTS, ...TIME_PARTS, "epoch_seconds"] as const;
export type DatePart = (typeof DATETIME_PARTS)[number];
export type DateType = "date" | "time" | "datetime";

export interface DateRules {
  readonly type: DateType;
  readonly parts: readonly DatePart[];
  readonly format?: string | undefined;
  readonly null: "error" | "nan" | { default: string };
  readonly absent: "error" | "nan" | { default: string };
}

/** A date and a time of day as written; `offset` in seconds east of UTC, 0 where none is written. */
interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Decimal digits of the second's fraction. */
  fraction: string;
  offset: number;
}

const DAY = String.raw`(?<Y>\d{4})-(?<m>\d{2})-(?<d>\d{2})`;
const TIME = String.raw`(?<H>\d{2}):(?<M>\d{2})(?::(?<S>\d{2})(?:\.(?<fraction>\d{1,9}))?)?`;
const OFFSET = String.raw`(?<offset>Z|[+-]\d{2}:\d{2})?`;

/** ISO 8601, as `datetime.fromisoformat` reads it. */
const ISO: Record<DateType, { pattern: RegExp; allowed: string }> = {
  date: { pattern: new RegExp(`^${DAY}$`), allowed: 'a date such as "2024-05-17"' },
  time: { pattern: new RegExp(`^${TIME}$`), allowed: 'a time such as "09:30" or "09:30:00"' },
  datetime: { pattern: new RegExp(`^${DAY}[T ]${TIME}${OFFSET}$`), allowed: 'a time such as "2024-05-17T09:30:00"' },
};

const FIELDS: Readonly<Record<string, string>> = {
  Y: String.raw`(?<Y>\d{4})`,
  ...Object.fromEntries(["m", "d", "H", "M", "S"].map((field) => [field, String.raw`(?<${field}>\d{1,2})`])),
};

/** Which of strptime's fields a format must have for a type. */
const NEEDED: Record<DateType, string[]> = { date: ["Y", "m", "d"], time: ["H"], datetime: ["Y", "m", "d", "H"] };

/** What is wrong with a format, if anything. */
export function formatFault(type: DateType, format: string): string | undefined {
  const fields = [...format.matchAll(/%(.?)/g)].map(([, field = ""]) => field).filter((field) => field !== "%");
  const unknown = fields.find((field) => !(field in FIELDS));
  if (unknown !== undefined) return `%${unknown} is not one of %Y, %m, %d, %H, %M, %S`;
  if (new Set(fields).size < fields.length) return "a field is there twice";
  const missing = NEEDED[type].filter((field) => !fields.includes(field));
  return missing.length > 0 ? `lacks ${missing.map((field) => `%${field}`).join(", ")}` : undefined;
}

function formatPattern(format: string): RegExp {
  const source = format.replaceAll(/%(.)|[\\^$.*+?()[\]{}|]/g, (text: string, field?: string) => {
    if (field === undefined) return `\\${text}`;
    return field === "%" ? "%" : (FIELDS[field] ?? "");
  });
  return new RegExp(`^${source}$`);
}

/** The parts of a date or time, in the order asked for; the missing value is nan in every one. */
export function dateReader(rules: DateRules): CellReader {
  const { pattern, allowed } =
    rules.format === undefined
      ? ISO[rules.type]
      : { pattern: formatPattern(rules.format), allowed: `a text of the form ${JSON.stringify(rules.format)}` };
  const refused = new Refused(allowed);
  const read = (text: string): readonly number[] | Refused => {
    const moment = momentOf(pattern.exec(text)?.groups);
    return moment === undefined ? refused : rules.parts.map((part) => partOf(part, moment, rules.type));
  };
  const missing = rules.parts.map(() => NaN);
  const answer = (rule: DateRules["null"]): readonly number[] | Refused =>
    rule === "error" ? refused : rule === "nan" ? missing : read(rule.default);
  const [onNull, onAbsent] = [answer(rules.null), answer(rules.absent)];
  return (value) => {
    if (value === undefined) return onAbsent;
    if (value === null || value === "") return onNull;
    return typeof value === "string" ? read(value) : refused;
  };
}

function momentOf(found: Readonly<Record<string, string | undefined>> | undefined): Moment | undefined {
  if (!found) return undefined;
  const number = (field: string, otherwise: number): number => Number(found[field] ?? otherwise);
  const [year, month, day] = [number("Y", 1970), number("m", 1), number("d", 1)];
  const [hour, minute, second] = [number("H", 0), number("M", 0), number("S", 0)];
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  const isTime = hour < 24 && minute < 60 && second < 60;
  const offset = offsetOf(found["offset"]);
  if (!isDay || !isTime || offset === undefined) return undefined;
  return { year, month, day, hour, minute, second, fraction: found["fraction"] ?? "", offset };
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "Z") return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(4))];
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysInMonth = (year: number, month: number): number =>
  [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;

/** Days since 0001-01-01, which is 1: what Python's `toordinal` gives. */
function ordinalOf({ year, month, day }: Pick<Moment, "year" | "month" | "day">): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  let days = before * 365 + leapDays + day;
  for (let passed = 1; passed < month; passed += 1) days += daysInMonth(year, passed);
  return days;
}

const EPOCH = ordinalOf({ year: 1970, month: 1, day: 1 });

/** Seconds since 1970 at UTC; what is written without an offset counts as UTC. */
function epochSeconds(moment: Moment): number {
  const { hour, minute, second, fraction, offset } = moment;
  const whole = (ordinalOf(moment) - EPOCH) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  if (fraction === "") return whole;
  // Read as one decimal number, so that it is rounded once.
  return whole >= 0 ? Number(`${whole}.${fraction}`) : whole + Number(`0.${fraction}`);
}

function partOf(part: DatePart, moment: Moment, type: DateType): number {
  switch (part) {
    case "weekday": // Monday is 0, as in Python and pandas
      return (ordinalOf(moment) + 6) % 7;
    case "day_of_year":
      return ordinalOf(moment) - ordinalOf({ ...moment, month: 1, day: 1 }) + 1;
    case "ordinal":
      return ordinalOf(moment);
    case "epoch_seconds":
      return epochSeconds(moment);
    case "epoch_days":
      return type === "date" ? ordinalOf(moment) - EPOCH : Math.floor(epochSeconds(moment) / 86_400);
    default:
      return moment[part];
  }
}
