import { type Dtype, dtypeOf, shapeOf } from "./dtype";
import { Brought, type Heap, Kind } from "./heap";
import { JoblibLink } from "./joblib-array";
import { bytesOf, isNone, numberOf, textOf, booleanOf } from "./scalar";
import { argumentsOf, calleeOf, globalName, member, tupleItems } from "./shapes";
import { cellOf, readCell } from "./cells";
import type { NumpyArray, Value } from "./value";

/** An array's parts, from wherever they stand. */
interface Parts {
  readonly dtype: Dtype | undefined;
  readonly shape: readonly number[];
  readonly columnsFirst: boolean;
  /** Cells as bytes, or, for objects, references. */
  readonly data: Uint8Array | Int32Array;
  /** From one cell to the next, where other fields lie between. */
  readonly stride?: number | undefined;
}

type ValueAt = (reference: number) => Value;

/** The array that a node is; undefined where it is none. `valueAt` reads a cell that is an object. */
export function arrayValue(heap: Heap, node: number, valueAt: ValueAt): NumpyArray | undefined {
  const parts = heap.kind(node) === Kind.joblibArray ? joblibParts(heap, node, valueAt) : pickledParts(heap, node);
  if (!parts) return undefined;
  if ("kind" in parts) return parts;
  return made(parts, valueAt);
}

function made(parts: Parts, valueAt: ValueAt): NumpyArray {
  const { dtype, shape, data, stride = dtype?.size } = parts;
  const size = shape.reduce((cells, side) => cells * side, 1);
  const read = <T>(most: number, one: (place: number) => T): T[] =>
    Array.from({ length: Math.min(most, size) }, (_, place) =>
      one(parts.columnsFirst ? placeInColumns(place, shape) : place),
    );
  return {
    kind: "array",
    dtype: dtype?.text ?? "unknown",
    shape,
    cells: (most) =>
      read(most, (at) => {
        if (data instanceof Int32Array) return at < data.length ? cellOf(valueAt(data[at] ?? 0)) : null;
        return dtype ? readCell(data, dtype, at, stride) : null;
      }),
    objects: (most) =>
      data instanceof Int32Array ? read(Math.min(most, data.length), (at) => valueAt(data[at] ?? 0)) : [],
    field: (name) => {
      const field = dtype?.field(name);
      if (field === undefined || data instanceof Int32Array) return undefined;
      return made({ ...parts, dtype: field.dtype, data: data.subarray(field.offset), stride }, valueAt);
    },
  };
}

/** Where the cell that is `place`-th in C order stands in Fortran's. */
function placeInColumns(place: number, shape: readonly number[]): number {
  let rest = place;
  let found = 0;
  let step = shape.reduce((cells, side) => cells * side, 1);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] ?? 0;
    step /= side;
    found += (rest % side) * step;
    rest = Math.floor(rest / side);
  }
  return found;
}

function joblibParts(heap: Heap, node: number, valueAt: ValueAt): Parts | NumpyArray | undefined {
  const place = heap.first(node);
  const root = heap.link(place + JoblibLink.root);
  if (heap.kind(root) === Kind.instance) return arrayValue(heap, root, valueAt);
  const state = heap.brought(heap.link(place + JoblibLink.wrapper), Brought.state);
  const from = heap.link(place + JoblibLink.from);
  return {
    dtype: dtypeOf(heap, member(heap, state, "dtype") ?? 0),
    shape: shapeOf(heap, member(heap, state, "shape") ?? 0) ?? [],
    columnsFirst: textOf(heap, member(heap, state, "order") ?? 0) === "F",
    data: heap.bytes.subarray(from, from + heap.link(place + JoblibLink.length)),
  };
}

const reconstruct = /^numpy\.(_?core)\.(multiarray)\._reconstruct$/;
const scalarMaker = /^numpy\.(_?core)\.multiarray\.scalar$/;
const fromBuffer = /^numpy\._?core\.numeric\._frombuffer$/;

function pickledParts(heap: Heap, node: number): Parts | undefined {
  const callee = calleeOf(heap, node) ?? "";
  const args = argumentsOf(heap, node);
  if (reconstruct.test(callee)) return stateParts(heap, heap.brought(node, Brought.state));
  if (callee === "dill._dill._create_array" && reconstruct.test(globalName(heap, args[0] ?? 0) ?? ""))
    return stateParts(heap, args[2] ?? 0);
  if (scalarMaker.test(callee)) return scalarParts(heap, args);
  if (!fromBuffer.test(callee)) return undefined;
  const [buffer = 0, dtype = 0, shape = 0, order = 0] = args;
  return {
    dtype: dtypeOf(heap, dtype),
    shape: shapeOf(heap, shape) ?? [],
    columnsFirst: textOf(heap, order) === "F",
    data: rawBytes(heap, buffer),
  };
}

function scalarParts(heap: Heap, args: Int32Array): Parts {
  const dtype = dtypeOf(heap, args[0] ?? 0);
  const content = args[1] ?? 0;
  return {
    dtype,
    shape: [],
    columnsFirst: false,
    data: dtype?.hasObject ? Int32Array.of(content) : rawBytes(heap, content),
  };
}

/** ndarray's state: (version, shape, dtype, is Fortran's order, bytes or a list of objects). */
function stateParts(heap: Heap, reference: number): Parts {
  const state = tupleItems(heap, reference);
  if (state?.length !== 5) return { dtype: undefined, shape: [0], columnsFirst: false, data: new Uint8Array() };
  const [, shape = 0, dtype = 0, order = 0, data = 0] = state;
  return {
    dtype: dtypeOf(heap, dtype),
    shape: shapeOf(heap, shape) ?? [0],
    columnsFirst: booleanOf(heap, order) === true || numberOf(heap, order) === 1,
    data: heap.kind(data) === Kind.list ? heap.items(data) : rawBytes(heap, data),
  };
}

/** Bytes as such, as Python 2's text, or as protocol 2 writes them: _codecs.encode(text, "latin1"). */
export function rawBytes(heap: Heap, reference: number): Uint8Array {
  const bytes = bytesOf(heap, reference);
  if (bytes) return bytes;
  const encoded = calleeOf(heap, reference);
  if (encoded === "_codecs.encode")
    return Buffer.from(textOf(heap, argumentsOf(heap, reference)[0] ?? 0) ?? "", "latin1");
  if (encoded?.endsWith(".bytearray") || encoded?.endsWith(".bytes")) {
    const inner = argumentsOf(heap, reference)[0] ?? 0;
    return isNone(heap, inner) || inner === 0
      ? Buffer.alloc(0)
      : textOf(heap, inner) === undefined
        ? rawBytes(heap, inner)
        : Buffer.from(textOf(heap, inner) ?? "", "latin1");
  }
  return Buffer.from(textOf(heap, reference) ?? "", "latin1");
}
