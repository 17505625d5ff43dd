import { shapeOf } from "./dtype";
import { Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { booleanOf, textOf } from "./scalar";
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
    hasKnownKeys(known, state) &&
    wrapped.has(globalName(heap, member(heap, state, "subclass") ?? 0)) &&
    shapeOf(heap, member(heap, state, "shape") ?? 0) !== undefined &&
    ["C", "F"].includes(textOf(heap, member(heap, state, "order") ?? 0) ?? "") &&
    known.useDtype(member(heap, state, "dtype") ?? 0) !== undefined;
  return isRight ? undefined : fault("arguments", "with a state that joblib does not write");
}

/** Any other would hide one of joblib's own methods, which it calls as it loads. */
const written = ["subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes"];

function hasKnownKeys({ heap }: Knowledge, dict: number): boolean {
  if (heap.length(dict) > 2 * written.length) return false;
  const mapped = member(heap, dict, "allow_mmap");
  const keys = [...heap.items(dict)].filter((_, place) => place % 2 === 0).map((key) => textOf(heap, key) ?? "");
  return keys.every((key) => written.includes(key)) && (mapped === undefined || booleanOf(heap, mapped) !== undefined);
}
