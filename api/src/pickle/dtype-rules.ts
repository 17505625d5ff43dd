import { dtypeOf, flexible } from "./dtype";
import { Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { isNone, numberOf, textOf } from "./scalar";
import { tupleItems } from "./shapes";

/** A dtype is built once, before anything is made with it. */
export function dtypeStateFault(known: Knowledge, dtype: number, state: number): Fault | undefined {
  if (known.settled.has(dtype)) return fault("build", "again, or after something was made with it");
  known.settled.add(dtype);
  const found = dtypeFault(known, dtype, state);
  return found === undefined ? undefined : fault("arguments", found);
}

/**
 * What is wrong with a state that BUILD would give a dtype: (version, order, None, names, fields, size, alignment, flags).
 * Flags must not make numpy take plain bytes for addresses of objects.
 */
function dtypeFault(known: Knowledge, reference: number, stateReference: number): string | undefined {
  const { heap } = known;
  const dtype = dtypeOf(heap, reference);
  const state = tupleItems(heap, stateReference);
  if (!dtype || !state || (state.length !== 8 && state.length !== 9)) return "with a state that numpy does not write";
  const [, order = 0, subdtype = 0, names = 0, fields = 0, elementSize = 0, , flags = 0] = state;
  const size = numberOf(heap, elementSize);
  if (textOf(heap, order) === undefined || !isNone(heap, subdtype) || typeof size !== "number")
    return "with a state that numpy does not write";
  if (flexible.includes(dtype.kind) && size < 0) return "with a size below zero";
  const areNone = isNone(heap, names) && isNone(heap, fields);
  if (!areNone && (dtype.kind !== "V" || !fieldsFit(known, names, fields, size)))
    return "with fields that do not fit into it";
  return areRightFlags(dtype.kind, numberOf(heap, flags))
    ? undefined
    : "with flags that make numpy take bytes for addresses";
}

function areRightFlags(kind: string, flags: number | bigint | undefined): boolean {
  if (kind === "O") return flags === 63;
  return typeof flags === "number" && flags >= -128 && flags < 256 && (flags & 7) === 0;
}

/** Each name has one field, and each field its name: numpy also reads one that is not named. */
function fieldsFit(known: Knowledge, names: number, fields: number, size: number): boolean {
  const { heap } = known;
  const said = tupleItems(heap, names);
  if (!said || heap.kind(fields) !== Kind.dict) return false;
  known.closed.add(fields);
  const items = heap.items(fields);
  heap.limits.walk(Math.max(said.length, items.length));
  const left = new Set([...said].map((name) => textOf(heap, name)));
  if (left.size !== said.length || items.length !== said.length * 2) return false;
  for (let at = 0; at < items.length; at += 2) {
    const field = tupleItems(heap, items[at + 1] ?? 0);
    const dtype = field && known.useDtype(field[0] ?? 0);
    const offset = field && numberOf(heap, field[1] ?? 0);
    const fits = dtype && !dtype.hasObject && typeof offset === "number" && offset >= 0 && offset + dtype.size <= size;
    const name = textOf(heap, items[at] ?? 0);
    if (!fits || name === undefined || !left.delete(name)) return false;
  }
  return true;
}
