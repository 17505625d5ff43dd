import { type Heap, Kind } from "./heap";
import { isEmptyTuple, textOf } from "./scalar";

const no = new Int32Array();

/** A tuple's items; undefined for anything else. */
export function tupleItems(heap: Heap, reference: number): Int32Array | undefined {
  if (heap.kind(reference) === Kind.tuple) return heap.items(reference);
  return isEmptyTuple(heap, reference) ? no : undefined;
}

/** `module.name` of a global. */
export function globalName(heap: Heap, reference: number): string | undefined {
  if (heap.kind(reference) !== Kind.global) return undefined;
  return heap.globals[heap.first(reference)]?.full;
}

/** `module.name` of what was called to make an instance. */
export const calleeOf = (heap: Heap, reference: number): string | undefined =>
  heap.kind(reference) === Kind.instance ? globalName(heap, heap.link(heap.first(reference))) : undefined;

export const argumentsOf = (heap: Heap, instance: number): Int32Array =>
  tupleItems(heap, heap.link(heap.first(instance) + 1)) ?? no;

/** What stands under a text in a dict: the last, as in Python. */
export function member(heap: Heap, dict: number, key: string): number | undefined {
  if (heap.kind(dict) !== Kind.dict) return undefined;
  const items = heap.items(dict);
  for (let at = items.length - 2; at >= 0; at -= 2) if (textOf(heap, items[at] ?? 0) === key) return items[at + 1];
  return undefined;
}
