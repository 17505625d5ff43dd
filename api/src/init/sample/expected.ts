import { basename, extname } from "node:path";

import { failed, type InitFinding } from "../result";
import { isObject, type Row } from "./read-sample";
import { linesOfCsv, readJson, readText } from "./read-text";

/** What each row of the sample is to give: a value, a list (a probability a class), or values by the outputs' names. */
export interface Expected {
  readonly values: readonly unknown[];
  /** The name over bare values, as the only column of a csv has one. */
  readonly header: string | undefined;
}

export function readExpected(path: string): Expected {
  const file = basename(path);
  const text = readText(path, "--expected");
  if (/^\.[ct]sv$/i.test(extname(path))) return expectedOfCsv(text, file);
  const read = readJson(text, file);
  const [only] = read;
  const list = read.length === 1 && Array.isArray(only) ? (only as unknown[]) : read;
  const values = list.flatMap((value) => {
    if (!isObject(value) || value["ok"] === false) return isObject(value) ? [] : [value];
    const outputs = value["outputs"];
    return Array.isArray(outputs) ? (outputs as unknown[]) : [outputs ?? value];
  });
  return { values, header: undefined };
}

function expectedOfCsv(text: string, file: string): Expected {
  const lines = linesOfCsv(text, file);
  const [names = [], ...cells] = lines;
  const [header = ""] = names;
  const isBare = names.length === 1 && Number.isFinite(Number(header));
  if (isBare) return { values: lines.map(([value = ""]) => plain(value)), header: undefined };
  // pandas writes its index as a first column without a name.
  const named = names.flatMap((name, i) => (name === "" ? [] : [{ name, i }]));
  const [only] = named;
  if (named.length === 1 && only)
    return { values: cells.map((line) => plain(line[only.i] ?? "")), header: only.name.trim() };
  const rowOf = (line: string[]): Row => Object.fromEntries(named.map(({ name, i }) => [name, plain(line[i] ?? "")]));
  return { values: cells.map(rowOf), header: undefined };
}

const plain = (text: string): unknown => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

const TOLERANCE = 1e-9;
const MOST_TOLD = 10;

/** @throws InitFailed where there is not one for each row */
export function checkLength({ values }: Expected, rows: number): void {
  if (values.length === rows) return;
  const message = `--expected has ${values.length} rows, --sample has ${rows}.`;
  throw failed("usage", message, "Give one for each row of the sample, in the same order.");
}

export interface Compared {
  /** What differs, a sentence a row; none where all agree. */
  readonly findings: readonly InitFinding[];
  /** Who reads that rows agree wants to know of what. */
  readonly outputs: readonly string[];
}

/** Of the rows that there are predictions for: they may be the first of more. */
export function compareExpected({ values, header }: Expected, predictions: readonly Row[]): Compared {
  const expected = values.slice(0, predictions.length);
  const { faults, outputs } = expected.every(isObject)
    ? compareObjects(expected, predictions)
    : compareValues(expected, predictions, header);
  const told = faults.slice(0, MOST_TOLD).map((message) => ({
    code: "call",
    file: undefined,
    message,
    remedy: "Look at the columns' order and at what was done to the rows before the model saw them.",
  }));
  const [first] = told;
  if (first === undefined || faults.length <= MOST_TOLD) return { findings: told, outputs };
  const all = { ...first, message: `${faults.length} values of ${expected.length} rows differ in all.` };
  return { findings: [...told, all], outputs };
}

interface Faults {
  readonly faults: readonly string[];
  readonly outputs: readonly string[];
}

/** A bare value does not say which output it is of: that which its header names, else that which agrees with most. */
function compareValues(expected: readonly unknown[], predictions: readonly Row[], header: string | undefined): Faults {
  const all = Object.keys(predictions[0] ?? {});
  const candidates = header !== undefined && all.includes(header) ? [header] : all;
  const compared = candidates.map((output) => ({
    faults: expected.flatMap((wanted, i) => valueFault(output, wanted, predictions[i]?.[output], i)),
    outputs: [output],
  }));
  const [best] = compared.toSorted((a, b) => a.faults.length - b.faults.length);
  return best ?? { faults: [], outputs: [] };
}

function compareObjects(expected: readonly Row[], predictions: readonly Row[]): Faults {
  const faults = expected.flatMap((wanted, i) => objectFaults(wanted, predictions[i] ?? {}, i));
  return { faults, outputs: [...new Set(expected.flatMap((wanted) => Object.keys(wanted)))] };
}

function objectFaults(wanted: Row, prediction: Row, i: number): string[] {
  const names = Object.keys(wanted);
  const unknown = names.filter((name) => !Object.hasOwn(prediction, name));
  if (unknown.length > 0 || names.length === 0) {
    const has = names.length === 0 ? "nothing" : unknown.join(", ");
    const message = `--expected, row ${i} has ${has}: none of the outputs.`;
    throw failed("usage", message, `The outputs are ${Object.keys(prediction).join(", ")}.`);
  }
  return names.flatMap((output) => valueFault(output, wanted[output], prediction[output], i));
}

const valueFault = (output: string, wanted: unknown, got: unknown, i: number): string[] =>
  isNear(wanted, got) ? [] : [`Row ${i}: ${output} is ${JSON.stringify(got)}, expected was ${JSON.stringify(wanted)}.`];

function isNear(wanted: unknown, got: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(got) && got.length === wanted.length && wanted.every((value, i) => isNear(value, got[i]));
  if (typeof wanted === "number" && typeof got === "number")
    return Math.abs(wanted - got) <= TOLERANCE * Math.max(Math.abs(wanted), Math.abs(got));
  return String(wanted) === String(got);
}
