import type { Field, ResponseContract } from "../bundle/contract";
import type { Pinned } from "../bundle/description";
import { numpyArrayRepr, pythonRepr, pythonString } from "./numpy-repr";
import { toFixedHalfEven } from "./to-fixed-half-even";
import { type OutputValues, type Predictions, widthOf } from "./predictions";

/** What the request says of its answer besides the rows. */
export interface Answering {
  /** Of keyed rows: each row's key. */
  readonly keys: readonly string[];
  readonly seconds: number;
}

/** Predictions to the text of a JSON body. A view of the native result, never a second computation. */
export type ResponseShape = (predictions: Predictions, answering: Answering) => string;

/** One key and its value of a row's record. */
interface Entry {
  readonly key: string;
  readonly write: (predictions: Predictions, row: number) => string;
}

/** A value of row `row` as JSON: the shortest text that round-trips. JSON has no NaN; those have been refused, or are null by the manifest. */
function valueText(value: number | bigint | string | boolean): string {
  if (typeof value === "number") return numberText(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? (Object.is(value, -0) ? "-0" : String(value)) : "null";

function valueAt({ values }: OutputValues, index: number): number | bigint | string | boolean {
  const value = values[index];
  if (value === undefined) throw new RangeError("a prediction has fewer rows than its call");
  return values instanceof Uint8Array ? value === 1 : value;
}

function outputText(output: OutputValues, row: number, text: (value: ReturnType<typeof valueAt>) => string): string {
  if (output.columns === null) return text(valueAt(output, row));
  const width = widthOf(output);
  return `[${output.columns.map((_, column) => text(valueAt(output, row * width + column))).join(",")}]`;
}

/** The native form: every output in full, under the bundle's name, version and digest. */
export function nativeShape({ name, version, digest, outputs }: Pinned): ResponseShape {
  const head = JSON.stringify({ model: name, version, digest }).slice(0, -1);
  const entries = outputs.map((output, i) => ({ key: output.name, write: outputWriter(i, valueText) }));
  const record = recordWriter(entries);
  return (predictions) => `${head},"predictions":[${eachRow(predictions, record).join(",")}]}`;
}

export function contractShape(contract: ResponseContract, description: Pinned): ResponseShape {
  if (contract.shape === "python_repr") return pythonReprShape(contract, description);
  const entries = Object.entries(contract.fields).flatMap(([key, field]) => fieldEntries(key, field, description));
  const record = recordWriter(contract.sort === "alphabetical" ? entries.toSorted(byKey) : entries);
  switch (contract.shape) {
    case "records":
      return (predictions) => `[${eachRow(predictions, record).join(",")}]`;
    case "single":
      return (predictions) => record(predictions, 0);
    case "by_index":
      return (predictions) => `{${eachRow(predictions, record).map((text, row) => `"${row}":${text}`).join(",")}}`; // prettier-ignore
    case "keyed":
      return (predictions, { keys }) =>
        `{${eachRow(predictions, record).map((text, row) => `${JSON.stringify(keys[row])}:${text}`).join(",")}}`; // prettier-ignore
  }
}

const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : 1);

function eachRow(predictions: Predictions, write: Entry["write"]): string[] {
  return Array.from({ length: predictions.rows }, (_, row) => write(predictions, row));
}

function recordWriter(entries: readonly Entry[]): Entry["write"] {
  const parts = entries.map(({ key, write }, i) => ({ before: `${i === 0 ? "" : ","}${JSON.stringify(key)}:`, write }));
  return (predictions, row) => {
    let text = "{";
    for (const { before, write } of parts) text += before + write(predictions, row);
    return `${text}}`;
  };
}

function outputWriter(index: number, text: (value: ReturnType<typeof valueAt>) => string): Entry["write"] {
  return (predictions, row) => outputText(outputAt(predictions, index), row, text);
}

function outputAt(predictions: Predictions, index: number): OutputValues {
  const output = predictions.outputs[index];
  if (!output) throw new RangeError("a prediction has fewer outputs than its bundle");
  return output;
}

function fieldEntries(key: string, field: Field, description: Pinned): Entry[] {
  if ("constant" in field) return [constantEntry(key, field.constant)];
  if ("columns_of" in field) return [constantEntry(key, columnNames(field, description))];
  const name = "spread" in field ? field.spread : field.output;
  const index = description.outputs.findIndex((output) => output.name === name);
  if ("spread" in field) return spreadEntries(index, description);
  const { decimals, text } = field;
  const rounded = (value: ReturnType<typeof valueAt>): string =>
    typeof value === "number" && decimals !== undefined
      ? numberText(value === 0 ? value : Number(toFixedHalfEven(value, decimals))) // toFixed loses the sign of zero
      : valueText(value);
  const quoted = (value: ReturnType<typeof valueAt>): string =>
    JSON.stringify(typeof value === "string" ? value : rounded(value));
  const write = text ? quoted : rounded;
  return [{ key, write: outputWriter(index, write) }];
}

function constantEntry(key: string, value: unknown): Entry {
  const text = JSON.stringify(value);
  return { key, write: () => text };
}

function columnsOf(step: string, { tensors }: Pinned): readonly string[] {
  return tensors[step]?.columns ?? [];
}

function spreadEntries(index: number, description: Pinned): Entry[] {
  const columns = columnsOf(description.outputs[index]?.from ?? "", description);
  return columns.map((key, column) => ({
    key,
    write: (predictions, row) => {
      const output = outputAt(predictions, index);
      return valueText(valueAt(output, row * columns.length + column));
    },
  }));
}

/** Names of a step's columns; `inputs`: the inputs behind them, each where it first appears. */
function columnNames(field: Extract<Field, { columns_of: string }>, description: Pinned): string[] {
  const columns = columnsOf(field.columns_of, description);
  if (field.as === "sorted") return columns.toSorted((a, b) => (a < b ? -1 : 1));
  if (field.as === "names") return [...columns];
  const origins = new Map(description.inputs.codes.flatMap(({ name, categories }) => categories.map((value) => [`${name}_${value}`, name]))); // prettier-ignore
  return [...new Set(columns.map((column) => origins.get(column) ?? column))];
}

/** `str()` of a Python dict from key to value, and the seconds it took, as present clients of that contract parse it. */
function pythonReprShape(
  contract: Extract<ResponseContract, { shape: "python_repr" }>,
  description: Pinned,
): ResponseShape {
  const index = description.outputs.findIndex((output) => output.name === contract.value.output);
  return (predictions, { keys, seconds }) => {
    const output = outputAt(predictions, index);
    const items = eachRow(predictions, (_, row) => `${pythonString(keys[row] ?? "")}: ${pythonValue(output, row)}`);
    return JSON.stringify({ [contract.envelope]: `{${items.join(", ")}}`, [contract.time]: seconds });
  };
}

function pythonValue(output: OutputValues, row: number): string {
  if (output.columns === null) return pythonRepr(valueAt(output, row));
  const width = output.columns.length;
  return numpyArrayRepr(Array.from({ length: width }, (_, column) => Number(valueAt(output, row * width + column))));
}
