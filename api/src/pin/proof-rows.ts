import { cellReader, type Input } from "../bundle/input-types";

type Row = Readonly<Record<string, unknown>>;

/** With fewer rows, agreement between kernels is luck. */
const FEWEST_ROWS = 64;
const ROWS_MADE_UP = 128;
const MOST_COMBINATIONS = 4096;

/** A small seeded generator (mulberry32), so that the same bundle gets the same rows. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Rows for the proof: those given, and as many more as it takes to have 64, and every category value among them. Where
 * there are categories alone and few combinations of them, all combinations. Where no row is given, made-up ones.
 */
export function proofRows(given: readonly Row[], inputs: ReadonlyMap<string, Input>): Row[] {
  const combinations = allCombinations(inputs);
  if (combinations) return combinations;
  const random = randomNumbers(20);
  const madeUp = given.length > 0 ? [] : Array.from({ length: ROWS_MADE_UP }, () => madeUpRow(inputs, random));
  const rows = [...given, ...madeUp];
  const known = [...rows];
  while (rows.length < FEWEST_ROWS) rows.push(mixedRow(known, inputs, random));
  return [...rows, ...rowsForUnseenValues(rows, inputs, random)];
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
function mixedRow(known: readonly Row[], inputs: ReadonlyMap<string, Input>, random: () => number): Row {
  const cells = [...inputs.keys()].map((name) => [name, known[Math.floor(random() * known.length)]?.[name]] as const);
  return Object.fromEntries(cells.filter(([, value]) => value !== undefined));
}

function rowsForUnseenValues(rows: readonly Row[], inputs: ReadonlyMap<string, Input>, random: () => number): Row[] {
  return [...inputs].flatMap(([name, input]) => {
    if (input.type !== "category") return [];
    const codeOf = cellReader(input);
    const seen = new Set(rows.map((row) => codeOf(row[name])));
    const unseen = input.values.filter((_, code) => !seen.has(code));
    return unseen.map((value) => ({ ...mixedRow(rows, inputs, random), [name]: value }));
  });
}

function madeUpRow(inputs: ReadonlyMap<string, Input>, random: () => number): Row {
  return Object.fromEntries([...inputs].map(([name, input]) => [name, madeUpCell(input, random)]));
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

function madeUpCell(input: Input, random: () => number): unknown {
  if (input.type === "category") return input.values[Math.floor(random() * input.values.length)];
  if (input.type === "text")
    return Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(" ");
  if (input.type === "boolean") return random() < 0.5;
  if (input.null === "nan" && random() < 0.05) return null;
  const number = madeUpNumber(input, random);
  return input.type === "integer" ? Math.round(number) : number;
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
