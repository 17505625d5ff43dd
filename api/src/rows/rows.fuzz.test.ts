import fc from "fast-check";

import { fuzzRuns } from "../../test/fuzz-runs";
import { inputSchema } from "../bundle/input-types";
import { Problem } from "../problems";
import { createRowValidator } from "./validate-rows";

jest.setTimeout(3_600_000); // of the long form: npm run fuzz

/**
 * What a cell is, said a second time and slowly, from docs/model-yaml.md: nothing here is compiled, kept or shared with the
 * validator. `undefined` is a cell that is refused.
 */
type Cell = number | string | undefined;
interface Rules {
  readonly type: "number" | "integer" | "boolean" | "category" | "text";
  readonly null?: "nan" | "zeros" | { readonly default: number | string };
  readonly absent?: "nan" | "zeros" | { readonly default: number | string };
  readonly unknown?: "zeros";
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
}

const BLANKS = "\t\n\v\f\r ";
const trimmed = (text: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text.charAt(start))) start += 1;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};
const isDigits = (text: string): boolean =>
  text !== "" && Array.from(text).every((letter) => "0123456789".includes(letter));

/** A decimal number, letter by letter. */
function numberOf(text: string): number | undefined {
  const [mantissa = "", exponent, ...more] = trimmed(text).toLowerCase().split("e");
  const unsigned = (part: string): string => (part.startsWith("+") || part.startsWith("-") ? part.slice(1) : part);
  const [whole = "", fraction = "", ...points] = unsigned(mantissa).split(".");
  const isMantissa = points.length === 0 && isDigits(whole + fraction) && (whole !== "" || fraction !== "");
  const isExponent = exponent === undefined || isDigits(unsigned(exponent));
  return more.length === 0 && isMantissa && isExponent ? Number(trimmed(text)) : undefined;
}

const standIn = (rule: Rules["null"], { type, values }: Rules): Cell => {
  if (rule === undefined) return undefined;
  if (typeof rule !== "object") return type === "category" ? -1 : NaN;
  return type === "category" ? values?.indexOf(String(rule.default)) : rule.default;
};

function slowCell(value: unknown, rules: Rules): Cell {
  if (value === undefined) return standIn(rules.absent, rules);
  if (value === null) return standIn(rules.null, rules);
  if (rules.type === "text") return typeof value === "string" && value.isWellFormed() ? value : undefined;
  if (rules.type === "category") {
    if (typeof value !== "string") return undefined;
    const code = rules.values?.indexOf(value) ?? -1;
    return code === -1 ? standIn(rules.unknown, rules) : code;
  }
  if (typeof value === "string" && ["", "nan"].includes(trimmed(value).toLowerCase()))
    return standIn(rules.null, rules);
  const number = rules.type === "boolean" ? booleanOf(value) : numberIn(value);
  if (number === undefined || !Number.isFinite(number)) return undefined;
  if (rules.type === "integer" && (!Number.isSafeInteger(number) || (typeof value === "string" && !isWhole(value))))
    return undefined;
  return number < (rules.min ?? -Infinity) || number > (rules.max ?? Infinity) ? undefined : number;
}

const isWhole = (text: string): boolean => isDigits(trimmed(text).replace(/^[+-]/, ""));
const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" ? value : typeof value === "string" ? numberOf(value) : undefined;
function booleanOf(value: unknown): number | undefined {
  if (value === true || value === "true") return 1;
  if (value === false || value === "false") return 0;
  if (value === 0) return 0; // -0 is false like 0, and nothing of its sign is left
  return value === 1 ? 1 : undefined;
}

const someRules: fc.Arbitrary<Rules> = fc.oneof(
  fc.record(
    {
      type: fc.constantFrom("number" as const, "integer" as const),
      null: fc.constantFrom("nan" as const, { default: 7 }),
      absent: fc.constantFrom("nan" as const, { default: -0 }),
      min: fc.constantFrom(-5, 0, 0.5),
      max: fc.constantFrom(10, 1e300),
    },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    { type: fc.constant("boolean" as const), null: fc.constantFrom("nan" as const, { default: 1 }) },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("category" as const),
      values: fc.constantFrom(["a", "b", "ü"], ["__proto__", "", "constructor"]),
      null: fc.constant("zeros" as const),
      absent: fc.constant("nan" as const),
      unknown: fc.constant("zeros" as const),
    },
    { requiredKeys: ["type", "values"] },
  ),
  fc.record(
    { type: fc.constant("text" as const), null: fc.constant({ default: "-" }), absent: fc.constant({ default: "?" }) },
    { requiredKeys: ["type"] },
  ),
);

const NAMES = ["a", "b", "__proto__", "constructor", "0", "", "toString", "a/b~c"] as const;
const numberText = fc.stringMatching(/^[ \t]?[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9]{0,3})?[ \n]?$/);
const someCell = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, 5e-324, 2 ** 53, 2 ** 53 + 2, 1e308, 10, 0.5, -5),
  fc.integer(),
  numberText,
  fc.constantFrom(
    "a",
    "b",
    "ü",
    "",
    " ",
    "nan",
    " NaN ",
    "true",
    "false",
    "__proto__",
    "1_0",
    "٣",
    "0x10",
    "inf",
    "\ud800",
  ),
  fc.string(),
  fc.constantFrom<unknown>(null, true, false, [], {}, [1]),
);
const someRow = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.tuple(fc.constantFrom(...NAMES, "other"), someCell), { maxLength: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 1, "row", [], true) },
);

/** As JSON.parse makes it: `__proto__` is a key like others, and the last of a name counts. */
function parsedRow(written: unknown): unknown {
  if (!Array.isArray(written) || !written.every(Array.isArray)) return written;
  const row = {};
  for (const [key, value] of written as unknown as [string, unknown][])
    Object.defineProperty(row, key, { value, enumerable: true, writable: true, configurable: true });
  return row;
}

const isRow = (row: unknown): row is Record<string, unknown> =>
  typeof row === "object" && row !== null && !Array.isArray(row);

/** Of each row its cells by input, in order, or how many faults it has. */
function slowly(rows: readonly unknown[], rules: ReadonlyMap<string, Rules>, extra: "error" | "ignore") {
  let faults = 0;
  const cells = rows.map((row) => {
    if (!isRow(row)) {
      faults += 1;
      return [];
    }
    if (extra === "error") faults += Object.keys(row).filter((key) => !rules.has(key)).length;
    return [...rules].map(([name, rule]) => {
      const cell = slowCell(Object.hasOwn(row, name) ? row[name] : undefined, rule);
      if (cell === undefined) faults += 1;
      return cell;
    });
  });
  return faults > 0 ? { faults } : { cells };
}

function quickly(rows: readonly unknown[], rules: ReadonlyMap<string, Rules>, extra: "error" | "ignore") {
  const inputs = new Map([...rules].map(([name, rule]) => [name, inputSchema.parse(rule)]));
  const validate = createRowValidator({ inputs, extra, maxRows: 100 });
  try {
    const { columns } = validate({ rows, pointerOf: (row) => `#/${row}`, ignored: new Set() });
    const places = { numbers: 0, codes: 0, texts: 0 };
    const widths = { numbers: columns.numbers.length / rows.length, codes: columns.codes.length / rows.length };
    const readers = [...rules.values()].map(({ type }) => {
      const tensor = type === "category" ? "codes" : type === "text" ? "texts" : "numbers";
      const place = places[tensor]++;
      if (tensor === "texts") return (row: number) => columns.texts[place]?.[row];
      return (row: number) => columns[tensor][row * widths[tensor] + place];
    });
    return { cells: rows.map((_, row) => readers.map((read) => read(row))) };
  } catch (error) {
    if (error instanceof Problem) return { faults: error.members.faultCount };
    throw error;
  }
}

it("any rows under any rules come to the cells, bit by bit, or to as many faults, as a slow reading of the rules says", () => {
  const rules = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), someRules), { selector: ([name]) => name, minLength: 1 })
    .map((entries) => new Map(entries));
  fc.assert(
    fc.property(
      rules,
      fc.constantFrom("error" as const, "ignore" as const),
      fc.array(someRow, { minLength: 1, maxLength: 6 }),
      (rules, extra, written) => {
        const rows = written.map(parsedRow);
        expect(quickly(rows, rules, extra)).toEqual(slowly(rows, rules, extra)); // which tells -0 from 0
      },
    ),
    { numRuns: fuzzRuns(2_000) },
  );
});
