import { type Heap, Kind } from "./heap";

/** Calls back with every stretch of links that holds what a node holds. */
export function eachStretch(
  heap: Heap,
  node: number,
  level: number,
  visit: (place: number, count: number, level: number) => void,
): void {
  const first = heap.first(node);
  const second = heap.second(node);
  switch (heap.kind(node)) {
    case Kind.global:
    case Kind.module:
      return;
    case Kind.tuple:
      visit(first, second, level);
      return;
    case Kind.instance:
      visit(first, 3, level); // callee, arguments, keyword arguments
      if (second !== 0) visit(second, 3, level); // state, items, entries
      return;
    case Kind.joblibArray:
      visit(first, 1, level); // wrapper
      visit(first + 3, 1, level); // root of the nested pickle
      return;
    default:
      for (let segment = first; segment !== 0; segment = heap.link(segment + 1))
        visit(segment + 2, heap.link(segment), level);
  }
}
