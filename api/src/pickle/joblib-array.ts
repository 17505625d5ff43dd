import { CannotFollow } from "./dangers";
import { dtypeOf, isTooEmpty, shapeOf } from "./dtype";
import { Brought, type Heap, Kind, nothing } from "./heap";
import type { Machine } from "./machine";
import { isNone } from "./scalar";
import { argumentsOf, calleeOf, globalName, member } from "./shapes";

/** scikit-learn brought a joblib of its own until 0.22. */
export const wrappers: ReadonlySet<string> = new Set([
  "joblib.numpy_pickle.NumpyArrayWrapper",
  "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper",
]);

/** Protocols below 2 make one by copyreg._reconstructor. */
export const isWrapper = (heap: Heap, reference: number): boolean => {
  const callee = calleeOf(heap, reference) ?? "";
  if (!/^copy_?reg\._reconstructor$/.test(callee)) return wrappers.has(callee);
  return wrappers.has(globalName(heap, argumentsOf(heap, reference)[0] ?? 0) ?? "");
};

/** A joblib array's place in links: [wrapper, data's place, data's length, or the root of the nested pickle]. */
export const JoblibLink = { wrapper: 0, from: 1, length: 2, root: 3 } as const;

/**
 * joblib writes an array as a wrapper, whose BUILD is followed at once by the array's own bytes, or, for objects, by a
 * pickle of its own.
 */
export function readJoblibArray(machine: Machine, wrapper: number, at: number): number {
  const { heap } = machine;
  if (machine.nested) throw new CannotFollow("arguments", "An array of joblib's stands in a nested pickle.", at);
  if (machine.position < machine.frameEnd)
    throw new CannotFollow("malformed", "An array of joblib's stands within a frame: Python reads other bytes.", at);
  const state = heap.brought(wrapper, Brought.state);
  const dtype = dtypeOf(heap, member(heap, state, "dtype") ?? 0);
  const shape = shapeOf(heap, member(heap, state, "shape") ?? 0);
  if (!dtype || !shape) throw new CannotFollow("malformed", "A joblib array has no readable dtype or shape.", at);
  const place = heap.reserve(4);
  heap.setLink(place + JoblibLink.wrapper, wrapper);
  heap.setLink(place + JoblibLink.root, nothing);
  if (dtype.hasObject) heap.setLink(place + JoblibLink.root, machine.followNested());
  else {
    const cells = shape.reduce((product, side) => product * side, 1);
    if (isTooEmpty(dtype, cells))
      throw new CannotFollow("arguments", "An array of joblib's has items without a byte, and too many.", at);
    skipPadding(machine, state, at);
    const length = cells * dtype.size;
    heap.setLink(place + JoblibLink.from, machine.take(length, at));
    heap.setLink(place + JoblibLink.length, length);
  }
  return heap.add(Kind.joblibArray, place, 0);
}

/** joblib 1.2 and later aligns the bytes: a byte says by how many. Earlier ones take that byte for the array's own. */
function skipPadding(machine: Machine, state: number, at: number): void {
  const alignment = member(machine.heap, state, "numpy_array_alignment_bytes");
  if (alignment === undefined || isNone(machine.heap, alignment)) return;
  machine.hasPaddedArrays = true;
  const padding = machine.bytes[machine.take(1, at)] ?? 0;
  machine.take(padding, at);
}
