import { expandBraces } from "../../bundle/expand-braces";
import type { Chain, InputFact } from "../../inspect/inspection";
import type { Answers } from "../answers";
import { failed } from "../result";
import { inferEntry } from "../sample/infer-entry";
import type { Sample } from "../sample/read-sample";
import { codeEntry, entryOf, mapEntry } from "./input-entry";
import { type OneHot, planOneHot } from "./one-hot";
import type { InputEntry, PlannedInput } from "./plan";

export interface InputsWanted {
  readonly chain: Chain;
  readonly answers: Pick<Answers, "inputs" | "columns" | "oneHot">;
  readonly sample: Sample | undefined;
  /** Values of columns that JSON files beside the pickles list. */
  readonly lists: ReadonlyMap<string, readonly (string | number)[]>;
}

export interface PlannedInputs {
  readonly inputs: readonly PlannedInput[];
  readonly oneHot: OneHot | undefined;
  readonly notes: readonly string[];
}

/** Above so many columns without names, what is left out of a row is nothing. */
export const WIDE = 2000;

/** Every column that callers send: its name, and what it may be. */
export function planInputs(wanted: InputsWanted): PlannedInputs {
  const { chain, answers, sample } = wanted;
  const notes: string[] = [];
  const { named, isTold } = nameInputs(wanted, notes);
  const oneHot = planOneHot(wanted, named);
  const facts = oneHot?.inputs ?? named;
  const isWide = facts.length > WIDE && chain.inputs.every(({ name }) => name === undefined);
  const inputs = facts.map((fact) => planInput(fact, wanted, isWide));
  if (isWide)
    notes.push(
      `The model takes ${facts.length} columns and no file names them: the vectorizer that made them is missing.`,
    );
  const unnamed = !isWide && !isTold && inputs.every(({ name }, i) => name === `x${i}`);
  if (unnamed)
    notes.push(
      `No file names the ${inputs.length} columns: they are called x0 to x${inputs.length - 1}, in the order of the training (--columns a,b,c names them).`,
    );
  const own = withOwn(inputs, answers.inputs, oneHot);
  notes.push(...unknownCodes(facts, inputs, own));
  return { inputs: own, oneHot, notes: [...notes, ...leftOut(sample, inputs)] };
}

export type NamedFact = InputFact & { readonly name: string; readonly entry?: InputEntry };

/** By the artifact, by what a person says, by a file beside it, by the sample: the first that knows. */
function nameInputs(
  { chain, answers, sample }: InputsWanted,
  notes: string[],
): { readonly named: NamedFact[]; readonly isTold: boolean } {
  const width = chain.inputs.length;
  const own = answers.inputs.flatMap(({ pattern }) => expandBraces(pattern));
  const unnamed = chain.inputs.every(({ name }) => name === undefined);
  const lists: [names: readonly string[] | undefined, from: string][] = [
    [answers.columns, "--columns"],
    [unnamed ? chain.names?.names : undefined, chain.names?.from ?? ""],
    [unnamed && own.length === width ? own : undefined, "--input"],
    [
      unnamed && sample?.isPositional === false && sample.columns.length === width ? sample.columns : undefined,
      sample?.file ?? "",
    ],
  ];
  const [names, from] = lists.find(([list]) => list !== undefined) ?? [undefined, ""];
  if (names !== undefined && names.length !== width && answers.oneHot.length === 0) {
    throw failed(
      "usage",
      `${from} names ${names.length} columns, the model takes ${width}.`,
      "Name each column once, in the order of the training.",
    );
  }
  if (names !== undefined && unnamed) notes.push(`The names of the columns come from ${from}.`);
  if (names === undefined && unnamed && sample !== undefined && !sample.isPositional && sample.columns.length !== width)
    throw failed(
      "usage",
      `The model takes ${width} columns without names, ${sample.file} has ${sample.columns.length}: ${sample.columns.slice(0, 20).join(", ")}.`,
      "Say which they are, in the order of the training, with --columns a,b,c.",
    );
  const facts = chain.inputs.map((fact, i) => ({
    ...fact,
    name: names?.[i] ?? fact.name ?? defaultName(fact, i, width),
  }));
  return { named: unique(facts, notes), isTold: names !== undefined };
}

const defaultName = ({ type }: InputFact, i: number, width: number): string =>
  type === "text" && width === 1 ? "text" : `x${i}`;

const PATTERN = /\{(-?\d+\.\.-?\d+|[^{}]*,[^{}]*)\}/;

/** A DataFrame may have two columns of one name; a row cannot. */
function unique(facts: NamedFact[], notes: string[]): NamedFact[] {
  const seen = new Set<string>();
  const named = facts.map((fact) => {
    // Braces in a name would be a pattern.
    const own = PATTERN.test(fact.name) ? fact.name.replaceAll("{", "(").replaceAll("}", ")") : fact.name;
    let name = own;
    for (let number = 2; seen.has(name); number += 1) name = `${own}_${number}`;
    seen.add(name);
    return { ...fact, name };
  });
  notes.push(...renamed(facts, named));
  return named;
}

const MOST_RENAMED = 8;

function renamed(facts: readonly NamedFact[], named: readonly NamedFact[]): string[] {
  const pairs = facts.flatMap(({ name }, i) => (named[i]?.name === name ? [] : [`${name} is ${named[i]?.name ?? ""}`]));
  if (pairs.length === 0) return [];
  const more = pairs.length > MOST_RENAMED ? `; and ${pairs.length - MOST_RENAMED} more` : "";
  return [
    `Names that a row or model.yaml cannot have are others here, for callers as well: ${pairs.slice(0, MOST_RENAMED).join("; ")}${more}.`,
  ];
}

function planInput(fact: NamedFact, { chain, sample }: InputsWanted, isWide: boolean): PlannedInput {
  const { name } = fact;
  if (isWide) return { name, entry: { type: "number", absent: { default: 0 } } };
  if (fact.entry) return { name, entry: fact.entry };
  const encoder = chain.encoders.find(({ column }) => column === name);
  if (encoder) return mapEntry(fact, encoder.classes);
  if (fact.coded) return codeEntry(fact);
  const key = sample?.isPositional ? String(fact.place) : name;
  const planned = entryOf(fact, sample && inferEntry(sample.rows.map((row) => row[key])), sample?.file);
  const isLeftOut = fact.nullable && sample?.rows.some((row) => !(key in row)) === true;
  return isLeftOut ? { ...planned, entry: { ...planned.entry, absent: "nan" } } : planned;
}

/** What a person says of an input stands, whatever was found out. */
function withOwn(inputs: readonly PlannedInput[], own: Answers["inputs"], oneHot: OneHot | undefined): PlannedInput[] {
  const said = new Map(
    own.flatMap(({ pattern, entry }) => expandBraces(pattern).map((name) => [name, asEntry(entry)] as const)),
  );
  const unknown = [...said.keys()].filter((name) => !inputs.some((input) => input.name === name));
  if (unknown.length > 0) {
    const names = inputs.slice(0, 20).map(({ name }) => name);
    throw failed(
      "usage",
      `--input ${unknown.join(", ")}: the model has no such column.`,
      `Its columns are ${names.join(", ")}${inputs.length > 20 ? ", …" : ""}.`,
    );
  }
  return inputs.map((input) => {
    const entry = said.get(input.name);
    if (entry === undefined) return input;
    const values = oneHot?.values.get(input.name);
    const isBare = entry.type === "category" && entry["values"] === undefined && values !== undefined;
    return { name: input.name, entry: isBare ? { ...entry, values: [...values] } : entry };
  });
}

/** Nobody said what the codes of these stand for. */
function unknownCodes(
  facts: readonly NamedFact[],
  planned: readonly PlannedInput[],
  own: readonly PlannedInput[],
): string[] {
  const open = facts.filter(({ coded, categories }, i) => coded && categories === undefined && own[i] === planned[i]);
  const [first] = open;
  if (first === undefined) return [];
  return [
    `Of ${open.map(({ name }) => name).join(", ")} the file has the codes of categories alone: callers send these, unless you say --input '${first.name}={type: number, map: {TEXT: 0, …}}', in the order of the training's categories.`,
  ];
}

const asEntry = (entry: unknown): InputEntry => (typeof entry === "string" ? { type: entry } : (entry as InputEntry));

function leftOut(sample: Sample | undefined, inputs: readonly PlannedInput[]): string[] {
  if (sample === undefined || sample.isPositional) return [];
  const names = new Set(inputs.map(({ name }) => name));
  const extra = sample.columns.filter((column) => !names.has(column));
  return extra.length === 0
    ? []
    : [
        `Of ${sample.file}, ${extra.join(", ")} ${extra.length === 1 ? "is" : "are"} left out: the model does not take ${extra.length === 1 ? "it" : "them"}.`,
      ];
}
