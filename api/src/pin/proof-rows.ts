import { cellReader, type Input } from "../bundle/input-types";
import { type KnownNumbers, likelyNumber } from "./likely-number";
import { seededRandom } from "./seeded-random";

type Row = Readonly<Record<string, unknown>>;

/** What the artifacts know of inputs, by name. */
export type KnownInputs = ReadonlyMap<string, KnownNumbers>;

/** With fewer rows, agreement between kernels is luck. */
const FEWEST_ROWS = 64;
const ROWS_MADE_UP = 128;
const MOST_COMBINATIONS = 4096;
/** 256 MB of float64: wide rows are fewer. */
const MOST_CELLS = 2 ** 25;
const MANY_OPTIONAL = 256;
const SOME_OPTIONAL = 24;

/**
 * Rows for the proof: those given, and as many more as it takes to have 64, and every category value among them. Where
 * there are categories alone and few combinations of them, all combinations. Where no row is given, made-up ones.
 */
export function proofRows(
  given: readonly Row[],
  inputs: ReadonlyMap<string, Input>,
  known: KnownInputs = new Map(),
): Row[] {
  const combinations = allCombinations(inputs);
  if (combinations) return combinations;
  const random = seededRandom(20);
  const most = Math.max(FEWEST_ROWS, Math.floor(MOST_CELLS / inputs.size));
  const rows =
    given.length > 0 ? given.slice(0, most) : madeUpRows(Math.min(ROWS_MADE_UP, most), inputs, known, random);
  const mix = rowMixer([...rows], inputs, random);
  while (rows.length < FEWEST_ROWS) rows.push(mix());
  return [...rows, ...rowsForUnseenValues(rows, inputs, mix)];
}

function allCombinations(inputs: ReadonlyMap<string, Input>): Row[] | undefined {
  let rows: Row[] = [{}];
  for (const [name, input] of inputs) {
    if (input.type !== "category" || rows.length * input.values.length > MOST_COMBINATIONS) return undefined;
    rows = rows.flatMap((row) => input.values.map((value) => ({ ...row, [name]: value })));
  }
  return rows;
}

/** Each cell from some row that is known: as likely as any, without making up a value. */
function rowMixer(known: readonly Row[], inputs: ReadonlyMap<string, Input>, random: () => number): () => Row {
  // Of half a million inputs few may have been given in any row.
  const given = new Set(known.flatMap((row) => Object.keys(row)));
  const names = given.size < inputs.size ? [...given].filter((name) => inputs.has(name)) : [...inputs.keys()];
  return () => {
    const cells = names.map((name) => [name, known[Math.floor(random() * known.length)]?.[name]] as const);
    return Object.fromEntries(cells.filter(([, value]) => value !== undefined));
  };
}

/** As many rows as the category with the most unseen values needs: each of them has one of every category's. */
function rowsForUnseenValues(rows: readonly Row[], inputs: ReadonlyMap<string, Input>, mix: () => Row): Row[] {
  const made: Row[] = [];
  for (const [name, input] of inputs) {
    if (input.type !== "category") continue;
    const codeOf = cellReader(input);
    const seen = new Set(rows.map((row) => codeOf(row[name])));
    const unseen = input.values.filter((_, code) => !seen.has(code));
    for (const [i, value] of unseen.entries()) made[i] = { ...(made[i] ?? mix()), [name]: value };
  }
  return made;
}

/** Where very many inputs may be absent, a row has but some of them, as the rows of such a model do. */
function madeUpRows(
  count: number,
  inputs: ReadonlyMap<string, Input>,
  known: KnownInputs,
  random: () => number,
): Row[] {
  const optional = [...inputs].filter(([, input]) => "absent" in input && typeof input.absent === "object");
  const some = optional.length > MANY_OPTIONAL ? new Set(optional.map(([name]) => name)) : new Set<string>();
  const always = [...inputs].filter(([name]) => !some.has(name));
  return Array.from({ length: count }, () => {
    const chosen = Array.from({ length: some.size > 0 ? SOME_OPTIONAL : 0 }, () => pick(optional, random));
    return Object.fromEntries(
      [...always, ...chosen].map(([name, input]) => [name, madeUpCell(input, known.get(name), random)]),
    );
  });
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError("there is nothing to pick from");
  return item;
}

const WORDS = [
  "the",
  "order",
  "was",
  "late",
  "great",
  "product",
  "not",
  "what",
  "I",
  "need",
  "help",
  "with",
  "my",
  "account",
  "price",
  "good",
];

function madeUpCell(input: Input, known: KnownNumbers | undefined, random: () => number): unknown {
  switch (input.type) {
    case "category":
      return pick(input.values, random);
    case "text":
      return Array.from({ length: 12 }, () => pick(WORDS, random)).join(" ");
    case "boolean":
      return random() < 0.5;
    case "ignored":
      return null;
    case "date":
    case "time":
    case "datetime":
      return madeUpDate(input, random);
    default: {
      if (input.null === "nan" && random() < 0.05) return null;
      const { min, max } = input;
      const likely = known && likelyNumber({ ...known, min, max }, random);
      const number = likely ?? madeUpNumber(input, random);
      return input.type === "integer" ? Math.round(number) : number;
    }
  }
}

/** Some second between 2000 and 2030, as its input writes it. */
function madeUpDate({ type, format }: Extract<Input, { parts: unknown }>, random: () => number): string {
  const iso = new Date((946_684_800 + Math.floor(random() * 946_684_800)) * 1000).toISOString();
  if (format === undefined)
    return { date: iso.slice(0, 10), time: iso.slice(11, 19), datetime: iso.slice(0, 19) }[type];
  const [Y = "", m = "", d = "", H = "", M = "", S = ""] = iso.split(/\D/);
  const fields: Readonly<Record<string, string>> = { Y, m, d, H, M, S, "%": "%" };
  return format.replaceAll(/%(.)/g, (_, field: string) => fields[field] ?? "");
}

/** Within the bounds that the manifest gives; else around nothing, of sizes that differ. */
function madeUpNumber(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  random: () => number,
): number {
  if (min !== undefined && max !== undefined) return min + (max - min) * random();
  const size = 10 ** (3 * random() - 1);
  if (min !== undefined) return min + size * random();
  return max === undefined ? size * (2 * random() - 1) : max - size * random();
}
