import { shapeOf } from "./dtype";
import { Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { textOf } from "./scalar";
import { globalName, member } from "./shapes";

const wrapped: ReadonlySet<string | undefined> = new Set([
  "numpy.ndarray",
  "numpy.matrix",
  "numpy.matrixlib.defmatrix.matrix",
]);

/** What joblib says of the array whose bytes follow. */
export function wrapperStateFault(known: Knowledge, state: number): Fault | undefined {
  const { heap } = known;
  if (heap.kind(state) !== Kind.dict) return fault("arguments", "with a state that is no dict");
  known.closed.add(state);
  const isRight =
    hasTextKeys(known, state) &&
    wrapped.has(globalName(heap, member(heap, state, "subclass") ?? 0)) &&
    shapeOf(heap, member(heap, state, "shape") ?? 0) !== undefined &&
    ["C", "F"].includes(textOf(heap, member(heap, state, "order") ?? 0) ?? "") &&
    known.useDtype(member(heap, state, "dtype") ?? 0) !== undefined;
  return isRight ? undefined : fault("arguments", "with a state that joblib does not write");
}

function hasTextKeys({ heap }: Knowledge, dict: number): boolean {
  return heap.items(dict).every((item, place) => place % 2 === 1 || textOf(heap, item) !== undefined);
}
