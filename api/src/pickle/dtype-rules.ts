import { type Dtype, dtypeOf, flexible } from "./dtype";
import { type Heap, Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { isNone, numberOf, textOf } from "./scalar";
import { tupleItems } from "./shapes";

/** A dtype is built once, before anything is made with it. */
export function dtypeStateFault(known: Knowledge, dtype: number, state: number): Fault | undefined {
  if (known.settled.has(dtype)) return fault("build", "again, or after something was made with it");
  known.settled.add(dtype);
  const found = dtypeFault(known.heap, dtype, state, (field) => known.useDtype(field));
  return found === undefined ? undefined : fault("arguments", found);
}

/**
 * What is wrong with a state that BUILD would give a dtype: (version, order, None, names, fields, size, alignment, flags).
 * Flags must not make numpy take plain bytes for addresses of objects.
 */
function dtypeFault(
  heap: Heap,
  reference: number,
  stateReference: number,
  fieldDtype: (field: number) => Dtype | undefined,
): string | undefined {
  const dtype = dtypeOf(heap, reference);
  const state = tupleItems(heap, stateReference);
  if (!dtype || !state || (state.length !== 8 && state.length !== 9)) return "with a state that numpy does not write";
  const [, order = 0, subdtype = 0, names = 0, fields = 0, elementSize = 0, , flags = 0] = state;
  const size = numberOf(heap, elementSize);
  if (textOf(heap, order) === undefined || !isNone(heap, subdtype) || typeof size !== "number")
    return "with a state that numpy does not write";
  if (flexible.includes(dtype.kind) && size < 0) return "with a size below zero";
  const areNone = isNone(heap, names) && isNone(heap, fields);
  if (!areNone && (dtype.kind !== "V" || !fieldsFit(heap, names, fields, size, fieldDtype)))
    return "with fields that do not fit into it";
  return areRightFlags(dtype.kind, numberOf(heap, flags))
    ? undefined
    : "with flags that make numpy take bytes for addresses";
}

function areRightFlags(kind: string, flags: number | bigint | undefined): boolean {
  if (kind === "O") return flags === 63;
  return typeof flags === "number" && flags >= -128 && flags < 256 && (flags & 7) === 0;
}

function fieldsFit(
  heap: Heap,
  names: number,
  fields: number,
  size: number,
  fieldDtype: (field: number) => Dtype | undefined,
): boolean {
  const said = tupleItems(heap, names);
  if (!said || heap.kind(fields) !== Kind.dict) return false;
  const items = heap.items(fields);
  heap.limits.walk(Math.max(said.length, items.length));
  if (!said.every((name) => textOf(heap, name) !== undefined)) return false;
  for (let at = 0; at < items.length; at += 2) {
    const field = tupleItems(heap, items[at + 1] ?? 0);
    const dtype = field && fieldDtype(field[0] ?? 0);
    const offset = field && numberOf(heap, field[1] ?? 0);
    const fits = dtype && !dtype.hasObject && typeof offset === "number" && offset >= 0 && offset + dtype.size <= size;
    if (!fits || textOf(heap, items[at] ?? 0) === undefined) return false;
  }
  return items.length === said.length * 2;
}
