import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Pinned, TensorDescription } from "../bundle/description";
import type { Columns } from "../rows/columns";
import { writeAtOnce } from "../predict/answer-text";
import { type Model, ownErrorOf, type PredictRoute } from "../predict/model";
import { type OutputValues, type Predictions, widthOf } from "../predict/predictions";
import { refuseNonFinite } from "../predict/not-finite";
import { Problem, problemBody } from "../problems";
import { readSamples, type Sample, type SampleColumns, sampleRequest, sampleRoute } from "./sample-rows";

/** Stands for a caller's id in the problem of a sample. */
export const SAMPLE_REQUEST_ID = "sample";

/** Columns as a sample's JSON holds them: nan as null. */
export function columnsAsJson(columns: Columns): SampleColumns {
  const numbers = inRows(columns.numbers, columns.rows, (value) => (Number.isNaN(value) ? null : value));
  return { numbers, ...codesAndTexts(columns) };
}

export function codesAndTexts(columns: Columns): Pick<SampleColumns, "codes" | "texts"> {
  const texts = Array.from({ length: columns.rows }, (_, r) => columns.texts.map((list) => list[r] ?? ""));
  return { codes: inRows(columns.codes, columns.rows, Number), texts };
}

function inRows<T>(values: ArrayLike<number>, rows: number, read: (value: number) => T): T[][] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: width }, (_, c) => read(values[r * width + c] ?? NaN)),
  );
}

/** A sample's outputs, as JSON holds them, to predictions. */
export function predictionsFromJson(outputs: Readonly<Record<string, unknown[]>>, description: Pinned): Predictions {
  const values = description.outputs.map(({ name, from, column }): OutputValues => {
    const tensor = description.tensors[from];
    if (!tensor) throw new RangeError(`the bundle does not describe ${from}`);
    const columns = column === undefined ? tensor.columns : null;
    return { name, columns, values: typed(tensor, (outputs[name] ?? []).flat()) };
  });
  const [first] = values;
  return { rows: first ? first.values.length / widthOf(first) : 0, outputs: values };
}

function typed({ datatype }: TensorDescription, values: unknown[]): OutputValues["values"] {
  const numbers = (): number[] => values.map((value) => (value === null ? NaN : Number(value)));
  if (datatype === "BYTES") return values.map(String);
  if (datatype === "INT64") return BigInt64Array.from(values.map((value) => BigInt(Number(value))));
  if (datatype === "BOOL") return Uint8Array.from(numbers());
  if (datatype === "INT32") return Int32Array.from(numbers());
  return datatype === "FP32" ? Float32Array.from(numbers()) : Float64Array.from(numbers());
}

/** What the API answers to a sample whose outputs are known: status and body. */
export function sampleResponse(
  file: string,
  sample: Sample,
  model: Model,
  description: Pinned,
  outputs: Readonly<Record<string, unknown[]>>,
): SampleAnswer {
  const route = sampleRoute(file, sample, model.bundle.manifest);
  const { keys, pointerOf } = sampleRequest(sample, route);
  const predictions = predictionsFromJson(outputs, description);
  try {
    refuseNonFinite(predictions, model.nullable, pointerOf);
  } catch (error) {
    return refusedWith(route, error);
  }
  const text = route.shapeFor(description)(predictions, { keys, seconds: 0 });
  return { status: route.status, text: writeAtOnce(text, predictions.rows) };
}

interface SampleAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a caller receives of a Problem on this route; anything else is no answer. */
function refusedWith(route: PredictRoute, error: unknown): SampleAnswer {
  if (!(error instanceof Problem)) throw error;
  const own = ownErrorOf(route, error);
  return own
    ? { status: own.status, text: own.body }
    : { status: error.status, text: problemBody(error, SAMPLE_REQUEST_ID) };
}

/** A sample's request to its columns, or to what it is refused with. */
export function sampleColumns(file: string, sample: Sample, model: Model): { columns: Columns } | SampleAnswer {
  const route = sampleRoute(file, sample, model.bundle.manifest);
  try {
    return { columns: model.validate(sampleRequest(sample, route)).columns };
  } catch (error) {
    return refusedWith(route, error);
  }
}

/** Each sample of the folder with its columns, or with the problem it is answered with. */
export function samplesOf(folder: string, model: Model) {
  return [...readSamples(folder)].map(([file, sample]) => ({ file, sample, made: sampleColumns(file, sample, model) }));
}

/** A sample as a person reads it: a line a member, and the request in full where it is short. */
export function writeSample(folder: string, file: string, sample: Sample): void {
  const lines = Object.entries(sample).map(([key, value]) => `  ${JSON.stringify(key)}: ${memberText(key, value)}`);
  writeFileSync(join(folder, "samples", file), `{\n${lines.join(",\n")}\n}\n`);
}

function memberText(key: string, value: unknown): string {
  const compact = exactJson(value);
  const isShort = compact.length < 1_000 && (key === "request" || key === "response");
  return isShort ? JSON.stringify(value, null, 2).replaceAll("\n", "\n  ") : compact;
}

/** JSON in which -0 stays -0.0, so that Python reads a float of that sign too. */
export function exactJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(exactJson).join(", ")}]`;
  if (Object.is(value, -0)) return "-0.0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${exactJson(member)}`)
    .join(", ")}}`;
}
