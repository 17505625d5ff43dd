import { basename, extname } from "node:path";

import { parse } from "csv-parse/sync";

import { failed, type InitFinding } from "../result";
import { isObject, readJson, readText, type Row } from "./read-sample";

/** What each row of the sample is to give: a value, a list (a probability a class), or values by the outputs' names. */
export function readExpected(path: string): unknown[] {
  const file = basename(path);
  const text = readText(path, "--expected");
  if (/^\.[ct]sv$/i.test(extname(path))) return expectedOfCsv(text);
  const values = readJson(text, file);
  const [only] = values;
  const list = values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values;
  return list.flatMap((value) => {
    if (!isObject(value) || value["ok"] === false) return isObject(value) ? [] : [value];
    const outputs = value["outputs"];
    return Array.isArray(outputs) ? (outputs as unknown[]) : [outputs ?? value];
  });
}

function expectedOfCsv(text: string): unknown[] {
  const lines: string[][] = parse(text, { skip_empty_lines: true });
  const [names = [], ...cells] = lines;
  const isBare = names.length === 1 && Number.isFinite(Number(names[0]));
  if (isBare) return lines.map(([value = ""]) => plain(value));
  return cells.map((line) =>
    names.length === 1
      ? plain(line[0] ?? "")
      : Object.fromEntries(names.map((name, i) => [name, plain(line[i] ?? "")])),
  );
}

const plain = (text: string): unknown => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

const TOLERANCE = 1e-9;
const MOST_TOLD = 10;

/** What differs, a sentence a row; none where all agree. */
export function compareExpected(expected: readonly unknown[], predictions: readonly Row[]): InitFinding[] {
  if (expected.length !== predictions.length) {
    const message = `--expected has ${expected.length} rows, --sample has ${predictions.length}.`;
    throw failed("usage", message, "Give one for each row of the sample, in the same order.");
  }
  const different = faultsOf(expected, predictions);
  const told = different.slice(0, MOST_TOLD).map((message) => ({
    code: "call",
    file: undefined,
    message,
    remedy: "Look at the columns' order and at what was done to the rows before the model saw them.",
  }));
  const [first] = told;
  if (first === undefined || different.length <= MOST_TOLD) return told;
  return [...told, { ...first, message: `${different.length} of ${expected.length} rows differ in all.` }];
}

function faultsOf(expected: readonly unknown[], predictions: readonly Row[]): string[] {
  if (expected.every(isObject)) return expected.flatMap((wanted, i) => objectFaults(wanted, predictions[i] ?? {}, i));
  // A bare value does not say which output it is of: that which agrees with most.
  const byOutput = Object.keys(predictions[0] ?? {}).map((output) =>
    expected.flatMap((wanted, i) => valueFault(output, wanted, predictions[i]?.[output], i)),
  );
  return byOutput.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function objectFaults(wanted: Row, prediction: Row, i: number): string[] {
  const known = Object.keys(wanted).filter((output) => output in prediction);
  if (known.length === 0) {
    const message = `--expected, row ${i} has ${Object.keys(wanted).join(", ")}: none of the outputs.`;
    throw failed("usage", message, `The outputs are ${Object.keys(prediction).join(", ")}.`);
  }
  return known.flatMap((output) => valueFault(output, wanted[output], prediction[output], i));
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
