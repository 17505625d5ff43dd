import type { Cell } from "../../pickle/value";
import {
  type Column,
  type Input,
  asSent,
  changed,
  filled,
  look,
  newInput,
  shown,
  splitAt,
  toFact,
} from "../columns/column";
import { flowOf } from "../columns/flow";
import { mostListed, rootInputs } from "../columns/trace";
import { takesText } from "../estimators/takes";
import type { Estimator, InputFact } from "../inspection";
import type { Candidate } from "./candidates";

export interface EncodedColumn {
  readonly column: string;
  readonly classes: readonly Cell[];
}

/** A transformer of all columns, or of some by name. */
export interface ChainStep {
  readonly candidate: Candidate;
  readonly columns?: readonly string[];
}

/** What callers must send: the columns followed through encoders and transformers into what predicts. */
export function chainInputs(
  steps: readonly ChainStep[],
  predictor: Candidate,
  names: readonly string[] | undefined,
  encoders: readonly EncodedColumn[],
): readonly InputFact[] {
  const entrance = steps.find(({ columns }) => columns === undefined)?.candidate ?? predictor;
  if ((entrance.estimator.width ?? 0) > mostListed) return [];
  const inputs = inputsOf(steps, predictor, names);
  // No estimator of scikit-learn's kind: a statsmodels result has said itself what it takes.
  if (steps.length === 0 && inputs.length === 0) return predictor.estimator.inputs;
  let columns: readonly Column[] | undefined = inputs.map((input) => encoded(input, encoders));
  for (const step of steps) columns = columns && through(step, columns);
  if (columns !== undefined) learn(columns, predictor.estimator);
  return inputs.map(toFact);
}

function inputsOf(steps: readonly ChainStep[], predictor: Candidate, names: readonly string[] | undefined): Input[] {
  const whole = steps.find(({ columns }) => columns === undefined);
  const entrance = whole?.candidate ?? predictor;
  if (takesText(entrance.value)) return [{ ...newInput(0), type: "text", used: true }];
  const inputs = isParallel(steps, predictor) ? ownColumns(steps) : rootInputs(entrance.value);
  const own = names ?? predictor.estimator.names;
  for (const input of inputs) if (inputs.length === own?.length) input.name ??= own[input.place];
  return beforeEncoding(steps, inputs);
}

/** Each of a predictor's columns is made by one of them, and none has a name. */
const isParallel = (steps: readonly ChainStep[], { estimator }: Candidate): boolean =>
  steps.length > 1 && estimator.names === undefined && steps.every(({ columns }) => columns !== undefined);

const ownColumns = (steps: readonly ChainStep[]): Input[] =>
  steps.flatMap(({ columns }) => columns ?? []).map((name, place) => newInput(place, name));

/** Columns that an encoder of some columns makes are not sent: what it takes is, in the place of the first of them. */
function beforeEncoding(steps: readonly ChainStep[], inputs: Input[]): Input[] {
  let on = inputs;
  for (const { columns, candidate } of steps) {
    const taken = columns?.filter((name) => !on.some((input) => input.name === name)) ?? [];
    if (taken.length === 0) continue;
    const made = new Set(madeNames(candidate));
    const first = on.findIndex(({ name }) => name !== undefined && made.has(name));
    const rest = on.filter(({ name }) => name === undefined || !made.has(name));
    const at = first < 0 ? rest.length : first;
    on = [...rest.slice(0, at), ...taken.map((name) => newInput(0, name)), ...rest.slice(at)];
  }
  return on === inputs ? inputs : on.map((input, place) => ({ ...input, place }));
}

/** The names of the columns that an encoder of its own columns makes. */
export function madeNames({ value }: Candidate): string[] {
  const out = flowOf(value)(rootInputs(value).map(asSent));
  return out?.flatMap(({ name }) => name ?? []) ?? [];
}

function encoded(input: Input, encoders: readonly EncodedColumn[]): Column {
  const encoder = encoders.find(({ column }) => column === input.name);
  if (encoder === undefined) return asSent(input);
  input.type = "category";
  input.categories = encoder.classes;
  input.unknown = "error";
  look(asSent(input), false);
  return filled(changed(asSent(input)));
}

function through({ candidate, columns: names }: ChainStep, columns: readonly Column[]): readonly Column[] | undefined {
  if (names === undefined) return flowOf(candidate.value)(inOrderOf(candidate.estimator.names, columns));
  const taken = names.map((name) => columns.find((column) => column.name === name));
  if (taken.includes(undefined)) return undefined;
  const out = flowOf(candidate.value)(taken as Column[]);
  if (out === undefined) return undefined;
  if (out.length !== taken.length) return [...columns.filter((column) => !taken.includes(column)), ...out];
  return columns.map((column) => out[taken.indexOf(column)] ?? column);
}

/** Columns that were made join the table at its end: who knows their names finds them wherever they stand. */
function inOrderOf(names: readonly string[] | undefined, columns: readonly Column[]): readonly Column[] {
  const found = names?.map((name) => columns.find((column) => column.name === name));
  const isAll = found?.length === columns.length && !found.includes(undefined);
  return isAll ? (found as Column[]) : columns;
}

/** What predicts says of its own columns holds of those that still are as they were sent. */
function learn(columns: readonly Column[], predictor: Estimator): void {
  columns.forEach((column, place) => {
    const fact = predictor.inputs[place];
    look(column, fact?.nullable ?? false);
    splitAt(column, fact?.thresholds);
    const input = shown(column);
    if (input === undefined || fact === undefined) return;
    if (input.type === "unknown") input.type = fact.type;
    input.coded ??= fact.coded;
    input.categories ??= fact.categories;
    input.unknown ??= fact.unknown;
    input.range ??= fact.range;
    input.typical ??= fact.typical;
  });
}
