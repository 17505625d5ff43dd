import { CannotFollow } from "./dangers";
import { Brought, How, Kind, nothing } from "./heap";
import { isWrapper, readJoblibArray } from "./joblib-array";
import type { Machine, Opcode } from "./machine";
import { opcodes } from "./opcodes";
import type { DangerCode } from "./reading";
import { isPythonUtf8 } from "./python-utf8";
import { textOf } from "./scalar";
import { tupleItems } from "./shapes";

function call(machine: Machine, callee: number, args: number, keywords: number, how: number, at: number): void {
  if (!tupleItems(machine.heap, args)) throw new CannotFollow("malformed", "The arguments of a call are no tuple.", at);
  const made = machine.judge.call({ callee, args, keywords, isReduce: how === How.reduce }, at);
  if (typeof made === "number") machine.push(made);
  else machine.push(machine.heap.instance(callee, args, keywords, made === "refused" ? How.refused : how));
}

const reduce: Opcode = (machine, at) => {
  const args = machine.pop(at);
  call(machine, machine.pop(at), args, nothing, How.reduce, at);
};

const newobj: Opcode = (machine, at) => {
  const args = machine.pop(at);
  call(machine, machine.pop(at), args, nothing, How.newobj, at);
};

const newobjWithKeywords: Opcode = (machine, at) => {
  const keywords = machine.pop(at);
  if (machine.heap.kind(keywords) !== Kind.dict)
    throw new CannotFollow("malformed", "The keywords of a call are no dict.", at);
  const args = machine.pop(at);
  call(machine, machine.pop(at), args, keywords, How.newobjWithKeywords, at);
};

const stackGlobal: Opcode = (machine, at) => {
  const name = textOf(machine.heap, machine.pop(at));
  const module = textOf(machine.heap, machine.pop(at));
  if (name === undefined || module === undefined)
    throw new CannotFollow("malformed", "It names a global by something that is no text.", at);
  machine.push(machine.judge.name(module, name, at));
};

const global: Opcode = (machine, at) => {
  const start = machine.position;
  const module = machine.line(at);
  const name = machine.line(at);
  if (!isPythonUtf8(machine.bytes, start, machine.position))
    throw new CannotFollow("malformed", "It names a global by what is no UTF-8.", at);
  machine.push(machine.judge.name(module, name, at));
};

/** INST and OBJ call any class with arguments. Nothing writes them since Python 2.3. */
const oldInstance: Opcode = (_, at) => {
  throw new CannotFollow("old-instance", "It makes an instance by INST or OBJ, as only Python 2 wrote it.", at);
};

/** INST names its class itself, so that its danger can be told. */
const inst: Opcode = (machine, at) => {
  global(machine, at);
  oldInstance(machine, at);
};

const build: Opcode = (machine, at) => {
  const state = machine.pop(at);
  const target = machine.peek(at);
  const { heap } = machine;
  machine.judge.build(target, state, at);
  if (heap.kind(target) !== Kind.instance) return;
  heap.setLink(heap.extension(target) + Brought.state, state);
  if (!isWrapper(heap, target)) return;
  machine.pop(at);
  machine.push(readJoblibArray(machine, target, at));
};

/** What stands for something that is not in the file: nothing behind it can be told for sure. */
const outside =
  (code: DangerCode, what: string): Opcode =>
  (_, at) => {
    throw new CannotFollow(code, what, at);
  };

const extension = outside("extension-code", "It names a class by a number of copyreg's registry, which hides it.");
const persistent = outside("persistent-id", "It asks its reader for an object by a persistent id.");
const buffer = outside("malformed", "It asks its reader for a buffer that is not in the file.");

export const objectOpcodes: Partial<Record<number, Opcode>> = {
  [opcodes.GLOBAL]: global,
  [opcodes.STACK_GLOBAL]: stackGlobal,
  [opcodes.REDUCE]: reduce,
  [opcodes.NEWOBJ]: newobj,
  [opcodes.NEWOBJ_EX]: newobjWithKeywords,
  [opcodes.INST]: inst,
  [opcodes.OBJ]: oldInstance,
  [opcodes.BUILD]: build,
  [opcodes.PERSID]: persistent,
  [opcodes.BINPERSID]: persistent,
  [opcodes.EXT1]: extension,
  [opcodes.EXT2]: extension,
  [opcodes.EXT4]: extension,
  [opcodes.NEXT_BUFFER]: buffer,
  [opcodes.READONLY_BUFFER]: buffer,
};
