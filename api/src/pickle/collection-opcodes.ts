import { CannotFollow } from "./dangers";
import { Brought, Kind } from "./heap";
import type { Machine, Opcode } from "./machine";
import { opcodes } from "./opcodes";

const empty =
  (kind: Kind): Opcode =>
  (machine) => {
    machine.push(machine.heap.collection(kind));
  };

const tupleOf =
  (length: number): Opcode =>
  (machine, at) => {
    machine.demand(length, at);
    makeTuple(machine, machine.top - length);
  };

function makeTuple(machine: Machine, from: number): void {
  const tuple = machine.heap.tuple(machine.stack, from, machine.top);
  machine.judge.known.noteTuple(tuple, machine.stack, from, machine.top);
  machine.top = from;
  machine.push(tuple);
}

/** A collection of what stands above the mark. */
const fromMark =
  (kind: Kind): Opcode =>
  (machine, at) => {
    const from = machine.closeMark(at);
    demandPairs(kind === Kind.dict ? machine.top - from : 0, at);
    const made = machine.heap.collection(kind);
    if (kind === Kind.dict) machine.judge.keepEntries(made, machine.stack, from, machine.top, at);
    else machine.judge.keep(machine.stack, from, machine.top, at);
    machine.heap.append(made, machine.stack, from, machine.top);
    machine.top = from;
    machine.push(made);
  };

type Brings = "items" | "members" | "entries";

/** APPENDS, ADDITEMS, SETITEMS: to what stands below the mark. */
const growFromMark =
  (brings: Brings): Opcode =>
  (machine, at) => {
    const from = machine.closeMark(at);
    const to = machine.top;
    machine.top = from;
    grow(machine, brings, from, to, at);
  };

/** APPEND and SETITEM: to what stands below them. */
const growByLast =
  (brings: Brings, count: number): Opcode =>
  (machine, at) => {
    machine.demand(count + 1, at);
    machine.top -= count;
    grow(machine, brings, machine.top, machine.top + count, at);
  };

const literalKind: Readonly<Record<Brings, Kind>> = { items: Kind.list, members: Kind.set, entries: Kind.dict };

function grow(machine: Machine, brings: Brings, from: number, to: number, at: number): void {
  const { heap, stack } = machine;
  const target = machine.peek(at);
  demandPairs(brings === "entries" ? to - from : 0, at);
  if (brings === "entries" && heap.kind(target) === Kind.dict) machine.judge.keepEntries(target, stack, from, to, at);
  else machine.judge.keep(stack, from, to, at);
  machine.countSelf(target, from, to, at);
  if (heap.kind(target) === literalKind[brings]) {
    if (brings !== "members" && from < to) machine.judge.changeState(target, at);
    heap.append(target, stack, from, to);
    return;
  }
  // Python calls .append, .extend, .add or .__setitem__ of whatever stands there.
  if (!machine.judge.mayGrow(target, brings, at)) return;
  heap.append(heap.grows(target, brings === "entries" ? Brought.entries : Brought.items), stack, from, to);
}

function demandPairs(count: number, at: number): void {
  if (count % 2 === 1) throw new CannotFollow("malformed", "It gives a dict a key without a value.", at);
}

export const collectionOpcodes: Partial<Record<number, Opcode>> = {
  [opcodes.EMPTY_LIST]: empty(Kind.list),
  [opcodes.EMPTY_DICT]: empty(Kind.dict),
  [opcodes.EMPTY_SET]: empty(Kind.set),
  [opcodes.TUPLE1]: tupleOf(1),
  [opcodes.TUPLE2]: tupleOf(2),
  [opcodes.TUPLE3]: tupleOf(3),
  [opcodes.TUPLE]: (machine, at) => {
    makeTuple(machine, machine.closeMark(at));
  },
  [opcodes.LIST]: fromMark(Kind.list),
  [opcodes.DICT]: fromMark(Kind.dict),
  [opcodes.FROZENSET]: fromMark(Kind.frozenset),
  [opcodes.APPEND]: growByLast("items", 1),
  [opcodes.APPENDS]: growFromMark("items"),
  [opcodes.ADDITEMS]: growFromMark("members"),
  [opcodes.SETITEM]: growByLast("entries", 2),
  [opcodes.SETITEMS]: growFromMark("entries"),
};
