import { Bool, type Data, type DataType, Float32, Float64, Int32, Int64, makeData, Utf8 } from "apache-arrow";

import type { OutputValues, Predictions } from "../predict/predictions";
import { outputAt, type Value } from "../predict/record-text";
import { type AnswerColumn, cellAt, type OutputColumn } from "./columns-of-answer";

const types = {
  FP64: () => new Float64(),
  FP32: () => new Float32(),
  INT64: () => new Int64(),
  INT32: () => new Int32(),
  BOOL: () => new Bool(),
  BYTES: () => new Utf8(),
};

export function arrowType(column: AnswerColumn): DataType {
  if ("constant" in column) return constantType(column.constant);
  const { datatype, decimals, text } = column.field;
  if (text) return new Utf8();
  // what is rounded is a float64, as it is in JSON
  return datatype === "FP32" && decimals !== undefined ? new Float64() : types[datatype]();
}

function constantType(constant: unknown): DataType {
  if (typeof constant === "number") return new Float64();
  return typeof constant === "boolean" ? new Bool() : new Utf8();
}

/** The column's values at these places among the predictions; -1 is null. */
export function arrowColumn(column: AnswerColumn, predictions: Predictions | undefined, places: Int32Array): Data {
  if ("constant" in column) return constantColumn(column.constant, places.length);
  const type = arrowType(column);
  if (predictions === undefined) return valuesColumn(type, new Array<null>(places.length).fill(null));
  const output = outputAt(predictions, column.field);
  const whole = wholeColumn(column, { values: output.values, rows: predictions.rows }, places);
  if (whole !== undefined) return whole;
  return valuesColumn(
    type,
    Array.from(places, (place) => (place === -1 ? null : cellAt(column, output, place))),
  );
}

interface WholeOutput {
  readonly values: OutputValues["values"];
  readonly rows: number;
}

type Numbers = Float64Array | Float32Array | BigInt64Array | Int32Array;

/** A float64, float32 or integer output of one value a row, with no row refused, is a column as it stands. */
function wholeColumn(
  { field, width }: OutputColumn,
  { values, rows }: WholeOutput,
  places: Int32Array,
): Data | undefined {
  if (width !== 1 || field.text || field.decimals !== undefined || places.length !== rows) return undefined;
  if (values instanceof BigInt64Array || values instanceof Int32Array) return numbersColumn(values);
  if (!(values instanceof Float64Array || values instanceof Float32Array)) return undefined;
  return values.every(Number.isFinite) ? numbersColumn(values) : undefined;
}

function numbersColumn(data: Numbers, nulls: Nulls = { nullCount: 0, nullBitmap: null }): Data {
  const { length } = data;
  if (data instanceof Float64Array) return makeData({ type: new Float64(), length, ...nulls, data });
  if (data instanceof Float32Array) return makeData({ type: new Float32(), length, ...nulls, data });
  if (data instanceof Int32Array) return makeData({ type: new Int32(), length, ...nulls, data });
  return makeData({ type: new Int64(), length, ...nulls, data });
}

const constantColumn = (constant: unknown, rows: number): Data => {
  const isCell = ["number", "boolean", "string"].includes(typeof constant) || constant === null;
  const value = isCell ? (constant as Value | null) : JSON.stringify(constant);
  return valuesColumn(constantType(constant), new Array<Value | null>(rows).fill(value));
};

function valuesColumn(type: DataType, values: readonly (Value | null)[]): Data {
  if (type instanceof Utf8) return arrowTexts(values.map((value) => (value === null ? null : String(value))));
  const nulls = nullsOf(values);
  if (type instanceof Bool)
    return makeData({ type, length: values.length, ...nulls, data: bitsOf(values, (value) => value === true) });
  const numbers = numbersFor(type, values.length);
  for (const [i, value] of values.entries()) if (value !== null) (numbers as Float64Array)[i] = value as number;
  return numbersColumn(numbers, nulls);
}

function numbersFor(type: DataType, length: number): Numbers {
  if (type instanceof Float64) return new Float64Array(length);
  if (type instanceof Float32) return new Float32Array(length);
  return type instanceof Int64 ? new BigInt64Array(length) : new Int32Array(length);
}

export function arrowTexts(texts: readonly (string | null)[]): Data<Utf8> {
  const bytes = texts.map((text) => Buffer.from(text ?? ""));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of bytes.entries()) valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + length;
  return makeData({
    type: new Utf8(),
    length: texts.length,
    ...nullsOf(texts),
    valueOffsets,
    data: Buffer.concat(bytes),
  });
}

interface Nulls {
  readonly nullBitmap: Uint8Array | null;
  readonly nullCount: number;
}

function nullsOf(values: readonly unknown[]): Nulls {
  const nullCount = values.reduce((sum: number, value) => sum + (value === null ? 1 : 0), 0);
  return { nullBitmap: nullCount === 0 ? null : bitsOf(values, (value) => value !== null), nullCount };
}

/** A bit a value, the first the lowest of its byte; padded to eight bytes as Arrow's buffers are. */
function bitsOf<T>(values: readonly T[], isSet: (value: T) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8);
  for (const [i, value] of values.entries()) if (isSet(value)) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  return bits;
}
