import type { Heap } from "./heap";
import { opcodes as op } from "./opcodes";
import { unescapeBytes, unescapeText } from "./escapes";
import type { Value } from "./value";

/** Where a literal's own bytes stand, behind its opcode and its length. */
function payload(bytes: Buffer, at: number): readonly [from: number, to: number] {
  const code = bytes[at] ?? 0;
  const width = lengthWidth[code] ?? 0;
  if (width === 0) return [at + 1, bytes.indexOf(0x0a, at)];
  const length = width === 8 ? Number(bytes.readBigUInt64LE(at + 1)) : bytes.readUIntLE(at + 1, width);
  return [at + 1 + width, at + 1 + width + length];
}

const lengthWidth: Partial<Record<number, 1 | 4 | 8>> = {
  [op.SHORT_BINUNICODE]: 1,
  [op.BINUNICODE]: 4,
  [op.BINUNICODE8]: 8,
  [op.SHORT_BINBYTES]: 1,
  [op.BINBYTES]: 4,
  [op.BINBYTES8]: 8,
  [op.BYTEARRAY8]: 8,
  [op.SHORT_BINSTRING]: 1,
  [op.BINSTRING]: 4,
  [op.LONG1]: 1,
  [op.LONG4]: 4,
};

/** The text that a reference is; undefined for anything else. Python 2's strings are texts too. */
export function textOf(heap: Heap, reference: number): string | undefined {
  if (reference >= 0) return undefined;
  const { bytes } = heap;
  const at = ~reference;
  const [from, to] = isText(bytes[at] ?? 0) ? payload(bytes, at) : [0, -1];
  switch (bytes[at]) {
    case op.SHORT_BINUNICODE:
    case op.BINUNICODE:
    case op.BINUNICODE8:
      return bytes.toString("utf8", from, to);
    case op.SHORT_BINSTRING:
    case op.BINSTRING:
      return bytes.toString("latin1", from, to);
    case op.STRING:
      return unescapeBytes(bytes.toString("latin1", from, to).trim().slice(1, -1));
    case op.UNICODE:
      return unescapeText(bytes.toString("latin1", from, to));
    default:
      return undefined;
  }
}

const texts: ReadonlySet<number> = new Set([
  op.SHORT_BINUNICODE,
  op.BINUNICODE,
  op.BINUNICODE8,
  op.SHORT_BINSTRING,
  op.BINSTRING,
  op.STRING,
  op.UNICODE,
]);
const isText = (code: number): boolean => texts.has(code);

export function bytesOf(heap: Heap, reference: number): Buffer | undefined {
  if (reference >= 0) return undefined;
  const { bytes } = heap;
  const at = ~reference;
  switch (bytes[at]) {
    case op.SHORT_BINBYTES:
    case op.BINBYTES:
    case op.BINBYTES8:
    case op.BYTEARRAY8:
      return bytes.subarray(...payload(bytes, at));
    default:
      return undefined;
  }
}

/** The length of what bytesOf gives. */
export function bytesLengthOf(heap: Heap, reference: number): number | undefined {
  if (reference >= 0) return undefined;
  const { bytes } = heap;
  const at = ~reference;
  switch (bytes[at]) {
    case op.SHORT_BINBYTES:
      return bytes[at + 1];
    case op.BINBYTES:
      return bytes.readUInt32LE(at + 1);
    case op.BINBYTES8:
    case op.BYTEARRAY8:
      return Number(bytes.readBigUInt64LE(at + 1));
    default:
      return undefined;
  }
}

export function numberOf(heap: Heap, reference: number): number | bigint | undefined {
  if (reference >= 0) return undefined;
  const { bytes } = heap;
  const at = ~reference;
  switch (bytes[at]) {
    case op.BININT1:
      return bytes[at + 1];
    case op.BININT2:
      return bytes.readUInt16LE(at + 1);
    case op.BININT:
      return bytes.readInt32LE(at + 1);
    case op.LONG1:
    case op.LONG4:
      return longOf(bytes.subarray(...payload(bytes, at)));
    case op.INT:
    case op.LONG:
      return lineNumber(bytes, at);
    default:
      return undefined;
  }
}

/** Two's complement, little-endian, of any length. */
function longOf(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length <= 6) return bytes.readIntLE(0, bytes.length);
  let value = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  value = BigInt.asIntN(bytes.length * 8, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** INT and LONG: digits on a line; INT's 00 and 01 are booleans. */
function lineNumber(bytes: Buffer, at: number): number | bigint | undefined {
  const text = line(bytes, at).replace(/_|L$/g, "");
  if (bytes[at] === op.INT && /^0[01]$/.test(text)) return undefined;
  const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text.replace("+", ""));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

export function booleanOf(heap: Heap, reference: number): boolean | undefined {
  if (reference >= 0) return undefined;
  const at = ~reference;
  const code = heap.bytes[at];
  if (code === op.NEWTRUE) return true;
  if (code === op.NEWFALSE) return false;
  if (code !== op.INT) return undefined;
  const text = line(heap.bytes, at);
  return text === "01" ? true : text === "00" ? false : undefined;
}

export function floatOf(heap: Heap, reference: number): number | undefined {
  if (reference >= 0) return undefined;
  const at = ~reference;
  if (heap.bytes[at] === op.BINFLOAT) return heap.bytes.readDoubleBE(at + 1);
  return heap.bytes[at] === op.FLOAT ? pythonFloat(line(heap.bytes, at)) : undefined;
}

function pythonFloat(text: string): number {
  const plain = text.replaceAll("_", "").toLowerCase();
  if (plain.includes("nan")) return NaN;
  if (plain.includes("inf")) return plain.startsWith("-") ? -Infinity : Infinity;
  return Number(plain);
}

const line = (bytes: Buffer, at: number): string => bytes.toString("latin1", ...payload(bytes, at)).trim();

export const isNone = (heap: Heap, reference: number): boolean => reference < 0 && heap.bytes[~reference] === op.NONE;

export const isEmptyTuple = (heap: Heap, reference: number): boolean =>
  reference < 0 ? heap.bytes[~reference] === op.EMPTY_TUPLE : false;

/** The value of a literal; an empty tuple is not one of these. */
export function scalar(heap: Heap, reference: number): Value | undefined {
  if (isNone(heap, reference)) return { kind: "none" };
  const text = textOf(heap, reference);
  if (text !== undefined) return { kind: "text", value: text };
  const number = numberOf(heap, reference);
  if (number !== undefined) return { kind: "integer", value: number };
  const float = floatOf(heap, reference);
  if (float !== undefined) return { kind: "float", value: float };
  const boolean = booleanOf(heap, reference);
  if (boolean !== undefined) return { kind: "boolean", value: boolean };
  const bytes = bytesOf(heap, reference);
  return bytes && { kind: "bytes", value: bytes };
}
