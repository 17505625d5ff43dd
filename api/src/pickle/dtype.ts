import { Brought, type Heap, Kind } from "./heap";
import { numberOf, textOf } from "./scalar";
import { argumentsOf, calleeOf, tupleItems } from "./shapes";

export interface Dtype {
  /** numpy's dtype.str, or `structured`. */
  readonly text: string;
  /** numpy's letter of the kind: f, i, u, b, c, O, S, U, V, M, m; or `structured`. */
  readonly kind: string;
  /** Bytes of one cell. */
  readonly size: number;
  readonly littleEndian: boolean;
  readonly hasObject: boolean;
  /** 1 but for a structured one. */
  readonly fields: number;
  /** A structured one's, by name: asked for where it is needed. */
  readonly field: (name: string) => Field | undefined;
}

export interface Field {
  readonly dtype: Dtype;
  /** Where it begins in a cell. */
  readonly offset: number;
}

/**
 * numpy.dtype's first argument as pickles write it. c and u with digits alone: to numpy a bare c is a text as long as its
 * state says, and a bare u is nothing.
 */
export const plainDtype = /^([|<>=]?)([bBhHiIlLqQpPefdgFDGSUVOMm?]|[cu](?=\d))(\d{0,9})$/;

/** What a letter without digits, or one that means a size, stands for: its kind and its bytes. */
const letters: Readonly<Record<string, readonly [kind: string, size: number]>> = {
  "?": ["b", 1],
  b: ["i", 1],
  B: ["u", 1],
  h: ["i", 2],
  H: ["u", 2],
  i: ["i", 4],
  I: ["u", 4],
  l: ["i", 8],
  L: ["u", 8],
  q: ["i", 8],
  Q: ["u", 8],
  p: ["i", 8],
  P: ["u", 8],
  e: ["f", 2],
  f: ["f", 4],
  d: ["f", 8],
  g: ["f", 16],
  F: ["c", 8],
  D: ["c", 16],
  G: ["c", 32],
  M: ["M", 8],
  m: ["m", 8],
  O: ["O", 8],
  S: ["S", 0],
  U: ["U", 0],
  V: ["V", 0],
};
/** Kinds whose size is their own to say. */
export const flexible = "SUV";
const deepest = 8;
/** As numpy has it. */
const mostSides = 64;

/** Undefined where it is no dtype as numpy pickles it. */
export function dtypeOf(heap: Heap, reference: number, depth = 0): Dtype | undefined {
  if (depth > deepest || calleeOf(heap, reference) !== "numpy.dtype") return undefined;
  const said = plainDtype.exec(textOf(heap, argumentsOf(heap, reference)[0] ?? 0) ?? "");
  if (!said) return undefined;
  const [, order = "", letter = "", digits = ""] = said;
  const [kind, saidSize] = kindOf(letter, digits);
  const state = tupleItems(heap, heap.brought(reference, Brought.state));
  const stateSize = flexible.includes(kind) && state ? numberOf(heap, state[5] ?? 0) : undefined;
  const size = typeof stateSize === "number" && stateSize >= 0 ? stateSize : saidSize;
  const endian = (state && textOf(heap, state[1] ?? 0)) ?? order;
  const fields = state && heap.kind(state[4] ?? 0) === Kind.dict ? heap.length(state[4] ?? 0) / 2 : 0;
  const isStructured = kind === "V" && fields > 0;
  return {
    text: isStructured ? "structured" : `${prefix(kind, size, endian)}${kind}${textSize(kind, size)}`,
    kind: isStructured ? "structured" : kind,
    size,
    littleEndian: endian !== ">",
    hasObject: kind === "O",
    fields: Math.max(fields, 1),
    field: (name) => (isStructured ? fieldOf(heap, state?.[4] ?? 0, name, depth + 1) : undefined),
  };
}

function fieldOf(heap: Heap, fields: number, name: string, depth: number): Field | undefined {
  const items = heap.items(fields);
  for (let at = 0; at < items.length; at += 2) {
    if (textOf(heap, items[at] ?? 0) !== name) continue;
    const [told = 0, begin = 0] = tupleItems(heap, items[at + 1] ?? 0) ?? [];
    const [dtype, offset] = [dtypeOf(heap, told, depth), numberOf(heap, begin)];
    return dtype === undefined || typeof offset !== "number" ? undefined : { dtype, offset };
  }
  return undefined;
}

/** `b1` is a boolean, but `b` a small integer; a digit says the bytes, of a U the characters. */
function kindOf(letter: string, digits: string): readonly [kind: string, size: number] {
  if (digits === "") return letters[letter] ?? [letter, 0];
  const size = Number(digits);
  if (letter === "U") return ["U", size * 4];
  if (letter === "M" || letter === "m" || letter === "O") return [letter, 8];
  return [letter, size];
}

const textSize = (kind: string, size: number): string => (kind === "O" ? "" : String(kind === "U" ? size / 4 : size));

function prefix(kind: string, size: number, endian: string): string {
  if ("OSVb".includes(kind) || (size === 1 && kind !== "U")) return "|";
  return endian === ">" ? ">" : "<";
}

/** ndarray's and NumpyArrayWrapper's shape. */
export function shapeOf(heap: Heap, reference: number): number[] | undefined {
  const items = tupleItems(heap, reference);
  if (!items || items.length > mostSides) return undefined;
  const shape: number[] = [];
  for (const item of items) {
    const side = numberOf(heap, item);
    if (typeof side !== "number" || !(side >= 0)) return undefined;
    shape.push(side);
  }
  return shape;
}

/** Of items without a byte, the file's length bounds no number. */
export const isTooEmpty = ({ size }: Dtype, cells: number): boolean => size === 0 && cells > mostEmpty;
const mostEmpty = 10_000;
