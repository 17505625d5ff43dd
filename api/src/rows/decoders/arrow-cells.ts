import { isAscii } from "node:buffer";

import { type Data, DataType, Precision } from "apache-arrow";

import { malformed } from "./row-texts";

/** A column of a record batch: its cells as JSON would hold them, and its numbers where it has nothing else. */
export interface ArrowColumn {
  readonly cellAt: (row: number) => unknown;
  /** Its numbers, where it holds those alone, and which of them are none. */
  readonly numbers?: NumberCells;
  readonly isNull?: ((row: number) => boolean) | undefined;
}

type NumberCells =
  Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** Every type says its name, which the library's base class leaves out. */
type NamedType = DataType & { readonly toString: () => string };

/** What is read of an Arrow column's data; the library's own types leave most of it open. */
interface Cells {
  readonly type: NamedType;
  readonly length: number;
  readonly offset: number;
  readonly nullCount: number;
  readonly values: NumberCells | BigInt64Array | BigUint64Array | undefined;
  readonly valueOffsets: Int32Array | BigInt64Array | undefined;
  readonly nullBitmap: Uint8Array | undefined;
  readonly dictionary: { readonly data: readonly Data[]; readonly length: number } | undefined;
}

/** @throws Problem malformed where its type is not one that is read, or it is shorter than its batch */
export function arrowColumn(name: string, data: Data): ArrowColumn {
  const cells = data as unknown as Cells;
  if (DataType.isNull(cells.type)) return { cellAt: () => null };
  const present = cellReaderOf(name, cells);
  const isNull = nullsOf(name, cells);
  const cellAt = isNull ? (row: number) => (isNull(row) ? null : present(row)) : present;
  const { type, values } = cells;
  const isPlain = (isWide(type) || DataType.isInt(type)) && !isBig(values);
  return isPlain && values ? { cellAt, numbers: values, isNull } : { cellAt };
}

function nullsOf(name: string, { nullCount, nullBitmap, offset, length }: Cells): ArrowColumn["isNull"] {
  if (nullCount === 0) return undefined;
  if (!nullBitmap || nullBitmap.length * 8 < offset + length) throw tooShort(name);
  return (row) => !bitAt(nullBitmap, offset + row);
}

const isBig = (values: Cells["values"]): values is BigInt64Array | BigUint64Array =>
  values instanceof BigInt64Array || values instanceof BigUint64Array;

const bitAt = (bits: Uint8Array, at: number): boolean => (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;

const tooShort = (name: string) =>
  malformed(`The column ${name} of the body is shorter than its record batch says: the Arrow stream is broken.`);

function cellReaderOf(name: string, cells: Cells): ArrowColumn["cellAt"] {
  const { type, values, length } = cells;
  if (DataType.isDictionary(type)) return dictionaryCells(name, cells);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return textCells(name, cells);
  if (DataType.isBool(type)) {
    if (!(values instanceof Uint8Array) || values.length * 8 < cells.offset + length) throw tooShort(name);
    return (row) => bitAt(values, cells.offset + row);
  }
  const isNumber = DataType.isInt(type) || isWide(type);
  if (!isNumber) throw notRead(name, type);
  if (!values || values.length < length) throw tooShort(name);
  // What a float64 cannot hold stays as it is, and is refused as no number.
  if (isBig(values)) return (row) => numberOrBig(values[row] ?? 0n);
  return (row) => values[row];
}

const isWide = (type: DataType): boolean => DataType.isFloat(type) && type.precision !== Precision.HALF;

const notRead = (name: string, type: NamedType) =>
  malformed(
    `The column ${name} of the body is ${type.toString()}; columns are Float64, Float32, Int8 to Int64, Uint8 to Uint64, Bool, Utf8, LargeUtf8, a Dictionary of these, or Null.`,
  );

function numberOrBig(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function textCells(name: string, { values, valueOffsets, length }: Cells): ArrowColumn["cellAt"] {
  if (!(values instanceof Uint8Array) || !valueOffsets || valueOffsets.length <= length) throw tooShort(name);
  const textOf = textReader(name, values);
  return (row) => {
    const [start, end] = [Number(valueOffsets[row]), Number(valueOffsets[row + 1])];
    if (start < 0 || end < start || end > values.length) throw tooShort(name);
    return textOf(start, end);
  };
}

/** ASCII, which most columns are, is decoded once for all of them: a cell at a time costs six times as much. */
function textReader(name: string, values: Uint8Array): (start: number, end: number) => string {
  if (isAscii(values)) {
    const all = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("latin1");
    return (start, end) => all.slice(start, end);
  }
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return (start, end) => {
    try {
      return utf8.decode(values.subarray(start, end));
    } catch {
      throw malformed(`The column ${name} of the body holds a text that is not UTF-8.`);
    }
  };
}

/** The dictionary's own texts or numbers. */
function dictionaryCells(name: string, { values, length, dictionary }: Cells): ArrowColumn["cellAt"] {
  if (!values || values.length < length || !dictionary) throw tooShort(name);
  const entries = entriesOf(dictionary, () => dictionary.data.flatMap((data) => entriesOf(data, () => cellsOf(name, data)))); // prettier-ignore
  return (row) => {
    const place = Number(values[row]);
    if (place < 0 || place >= entries.length) throw tooShort(name);
    return entries[place];
  };
}

const cellsOf = (name: string, data: Data): unknown[] => {
  const { cellAt } = arrowColumn(name, data);
  return Array.from({ length: data.length }, (_, row) => cellAt(row));
};

/** Of dictionaries and of what they are made of: batches share one, and it grows by parts. */
const entriesRead = new WeakMap<object, readonly unknown[]>();

function entriesOf(source: object, read: () => readonly unknown[]): readonly unknown[] {
  const entries = entriesRead.get(source) ?? read();
  entriesRead.set(source, entries);
  return entries;
}
