import { isTooEmpty, shapeOf } from "./dtype";
import { Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { tupleItems } from "./shapes";
import { reference } from "./spending";

/** (version, shape, dtype, is in Fortran's order, data), or without the version. */
export function arrayStateFault(known: Knowledge, state: number): Fault | undefined {
  const items = tupleItems(known.heap, state);
  const parts =
    items?.length === 4 ? items : items?.length === 5 && known.isInteger(items[0] ?? 0) ? items.subarray(1) : undefined;
  return parts ? partsFault(known, parts) : notWritten;
}

/** The same, then the mask (a byte a cell and field) and what stands for a masked cell. */
export function maskedStateFault(known: Knowledge, state: number): Fault | undefined {
  const items = tupleItems(known.heap, state);
  if (items?.length !== 7 || !known.isInteger(items[0] ?? 0)) return notWritten;
  const found = partsFault(known, items.subarray(1, 5));
  if (found) return found;
  const cells = cellsOf(known, items[1] ?? 0) ?? 0;
  const fields = known.useDtype(items[2] ?? 0)?.fields ?? 1;
  const mask = items[5] ?? 0;
  const length = known.dataLength(mask);
  if (length === undefined) return notWritten;
  known.heap.limits.spend(length);
  return length === cells * fields ? undefined : wrongLength(length, cells * fields);
}

const notWritten = fault("arguments", "with a state that numpy does not write");
const wrongLength = (length: number, demanded: number): Fault =>
  fault("length", `with ${length} bytes or things for an array of ${demanded}`);

function cellsOf({ heap }: Knowledge, shape: number): number | undefined {
  return shapeOf(heap, shape)?.reduce((cells, side) => cells * side, 1);
}

function partsFault(known: Knowledge, [shape = 0, type = 0, , data = 0]: Int32Array): Fault | undefined {
  const { heap } = known;
  const cells = cellsOf(known, shape);
  const dtype = known.useDtype(type);
  if (cells === undefined || !dtype) return notWritten;
  const isList = heap.kind(data) === Kind.list;
  const length = isList ? heap.length(data) : known.dataLength(data);
  if (length === undefined || isList !== dtype.hasObject || isTooEmpty(dtype, cells)) return notWritten;
  heap.limits.spend(isList ? length * reference : length);
  const demanded = isList ? cells : cells * dtype.size;
  return length === demanded ? undefined : wrongLength(length, demanded);
}
