import { shapeOf } from "./dtype";
import { Brought, Kind } from "./heap";
import { JoblibLink } from "./joblib-array";
import type { Knowledge } from "./knowledge";
import { numberOf } from "./scalar";
import { argumentsOf, member, tupleItems } from "./shapes";

/** What a number of a range takes in a list, and a place that refers to something. */
const ofNumber = 40;
export const reference = 8;

/** A range takes no room, but whoever is handed it may make a list of it, or an array. */
export function spendRange(known: Knowledge, thing: number): void {
  if (known.isMadeBy(thing, "range"))
    known.heap.limits.spend(rangeLength(known, argumentsOf(known.heap, thing)) * ofNumber);
}

export function rangeLength({ heap }: Knowledge, args: Int32Array): number {
  const [first = 0, second, step = 1] = [...args].map((arg) => Number(numberOf(heap, arg) ?? NaN));
  const length = second === undefined ? first : (second - first) / step;
  return Math.max(0, Math.ceil(length));
}

/** pandas copies what it must convert. */
export function spendData(known: Knowledge, thing: number): void {
  const { heap } = known;
  if (heap.kind(thing) === Kind.list) heap.limits.spend(heap.length(thing) * reference);
  else heap.limits.spend(cellsOf(known, thing) * reference);
  spendRange(known, thing);
}

function cellsOf(known: Knowledge, array: number): number {
  return shapeOf(known.heap, shapeReference(known, array) ?? 0)?.reduce((cells, side) => cells * side, 1) ?? 0;
}

function shapeReference(known: Knowledge, array: number): number | undefined {
  const { heap } = known;
  if (heap.kind(array) === Kind.joblibArray) {
    const wrapper = heap.link(heap.first(array) + JoblibLink.wrapper);
    return member(heap, heap.brought(wrapper, Brought.state), "shape");
  }
  const rule = known.maker(array)?.rule;
  if (rule === "frombuffer") return argumentsOf(heap, array)[2];
  if (rule === "create-array") return shapeInState(known, argumentsOf(heap, array)[2] ?? 0);
  return rule === "reconstruct" || rule === "mareconstruct"
    ? shapeInState(known, heap.brought(array, Brought.state))
    : undefined;
}

/** Behind the version, where that is there. */
function shapeInState({ heap }: Knowledge, state: number): number | undefined {
  const items = tupleItems(heap, state);
  return items?.length === 4 ? items[0] : items?.[1];
}
