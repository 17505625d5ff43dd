import type { Dtype } from "./dtype";
import type { Cell, Value } from "./value";

/** The cell at a place of an array's bytes, a stride each; null for what is no number, text or boolean. */
export function readCell(data: Uint8Array, dtype: Dtype, place: number, stride = dtype.size): Cell {
  const from = place * stride;
  if (from + dtype.size > data.length) return null;
  const view = new DataView(data.buffer, data.byteOffset + from, dtype.size);
  const { kind, littleEndian } = dtype;
  switch (kind) {
    case "b":
      return dtype.size === 1 ? view.getUint8(0) !== 0 : null;
    case "f":
      return float(view, littleEndian);
    case "i":
    case "u":
      return integer(view, kind === "i", littleEndian);
    case "M":
    case "m":
      return safe(view.getBigInt64(0, littleEndian));
    case "S":
    case "a":
      return Buffer.from(data.buffer, data.byteOffset + from, dtype.size)
        .toString("latin1")
        .replace(/\0+$/, "");
    case "U":
      return text(view, littleEndian);
    default:
      return null;
  }
}

function float(view: DataView, littleEndian: boolean): Cell {
  if (view.byteLength === 8) return view.getFloat64(0, littleEndian);
  if (view.byteLength === 4) return view.getFloat32(0, littleEndian);
  return view.byteLength === 2 ? half(view.getUint16(0, littleEndian)) : null;
}

/** float16, which this version of Node cannot read by itself. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function integer(view: DataView, signed: boolean, littleEndian: boolean): Cell {
  switch (view.byteLength) {
    case 1:
      return signed ? view.getInt8(0) : view.getUint8(0);
    case 2:
      return signed ? view.getInt16(0, littleEndian) : view.getUint16(0, littleEndian);
    case 4:
      return signed ? view.getInt32(0, littleEndian) : view.getUint32(0, littleEndian);
    case 8:
      return safe(signed ? view.getBigInt64(0, littleEndian) : view.getBigUint64(0, littleEndian));
    default:
      return null;
  }
}

const safe = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** UCS-4, filled up with zeros. */
function text(view: DataView, littleEndian: boolean): string {
  let end = view.byteLength - (view.byteLength % 4);
  while (end > 0 && view.getUint32(end - 4, littleEndian) === 0) end -= 4;
  let found = "";
  for (let at = 0; at < end; at += 4) {
    const point = view.getUint32(at, littleEndian);
    found += String.fromCodePoint(point > 0x10ffff ? 0xfffd : point);
  }
  return found;
}

/** Null for what is no scalar. */
export function cellOf(value: Value): Cell {
  switch (value.kind) {
    case "boolean":
    case "integer":
    case "float":
    case "text":
      return value.value;
    case "array":
      return value.shape.length === 0 ? (value.cells(1)[0] ?? null) : null;
    default:
      return null;
  }
}
