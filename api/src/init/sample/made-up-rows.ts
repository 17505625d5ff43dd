import type { InputFact } from "../../inspect/inspection";
import { likelyNumber } from "../../pin/likely-number";
import { seededRandom } from "../../pin/seeded-random";
import type { PlannedInput } from "../plan/plan";
import type { Row } from "./read-sample";

type Fact = InputFact & { readonly name: string };

/** With more cells that may be left out than this, most are. */
const WIDE = 1000;
const CELLS_OF_WIDE = 24;
const ROWS = 96;

/**
 * Rows as they may well be, where nobody gave any: around what a scaler or an imputer saw, on every side of what trees
 * split, of the categories that an encoder knows, in words that a vectorizer knows. The first has nothing missing: it is shown to a person.
 */
export function madeUpRows(
  inputs: readonly PlannedInput[],
  facts: readonly Fact[],
  words: readonly string[],
  most = ROWS,
): Row[] {
  const random = seededRandom(7);
  const factOf = new Map(facts.map((fact) => [fact.name, fact]));
  const isWide = inputs.filter(mayBeAbsent).length > WIDE;
  const one = (isFirst: boolean): Row => {
    const chosen = isWide ? someOf(inputs, random) : inputs;
    return Object.fromEntries(
      chosen.flatMap((input) => {
        if (input.entry.type === "ignored") return [];
        const maybe = input.entry["null"] === "nan" && !isFirst && random() < 0.05;
        return [[input.name, maybe ? null : cell(input, factOf.get(input.name), words, random)]];
      }),
    );
  };
  return Array.from({ length: most }, (_, i) => one(i === 0));
}

const pick = <T>(list: readonly T[], random: () => number): T | undefined => list[Math.floor(random() * list.length)];

const mayBeAbsent = ({ entry }: PlannedInput): boolean => !["error", undefined].includes(entry["absent"] as string);

function someOf(inputs: readonly PlannedInput[], random: () => number): PlannedInput[] {
  const places = new Set(Array.from({ length: CELLS_OF_WIDE }, () => Math.floor(random() * inputs.length)));
  return inputs.filter((input, place) => places.has(place) || !mayBeAbsent(input));
}

const PLAIN_WORDS = ["the", "order", "was", "late", "great", "product", "not", "what", "need", "help", "price", "good"];

function cell(
  { entry }: PlannedInput,
  fact: Fact | undefined,
  words: readonly string[],
  random: () => number,
): unknown {
  const { type } = entry;
  if (type === "category") return pick(entry["values"] as readonly unknown[], random);
  if (type === "boolean") return random() < 0.5;
  if (type === "text") return sentence(words.length > 0 ? words : PLAIN_WORDS, random);
  if (type === "date" || type === "datetime" || type === "time") return moment(type, random);
  if (entry["map"] !== undefined) return pick(Object.keys(entry["map"] as object), random);
  if (fact?.coded) return Math.floor(random() * (fact.categories?.length ?? FEWEST_CODES));
  const known = (fact?.categories ?? []).filter((value) => typeof value === "number" && Number.isFinite(value));
  if (known.length > 0) return pick(known, random);
  const { min, max } = entry as { min?: number; max?: number };
  const bounds = { min, max };
  const number = likelyNumber({ ...fact, ...bounds }, random) ?? likelyNumber({ ...bounds, range: FEW_UNITS }, random);
  return number !== undefined && type === "integer" ? Math.round(number) : number;
}

/** A category that is one of a single value nobody would train on. */
const FEWEST_CODES = 2;

/** Where nothing is known. */
const FEW_UNITS = [0, 10] as const;

const sentence = (words: readonly string[], random: () => number): string =>
  Array.from({ length: 8 }, () => pick(words, random)).join(" ");

function moment(type: string, random: () => number): string {
  const date = new Date(Date.UTC(2024, Math.floor(random() * 12), 1 + Math.floor(random() * 28), Math.floor(random() * 24))); // prettier-ignore
  const text = date.toISOString();
  if (type === "date") return text.slice(0, 10);
  return type === "time" ? text.slice(11, 16) : text.slice(0, 19);
}
