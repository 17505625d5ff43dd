import { CannotFollow, Dangers, EndsEarly } from "./dangers";
import type { Gate } from "./gate";
import { Heap } from "./heap";
import { wrappers } from "./joblib-array";
import { Judge } from "./judge";
import { Machine } from "./machine";
import { measure } from "./measure";
import { opcodes } from "./opcodes";
import { opcodeTable } from "./opcode-table";
import type { Danger } from "./reading";
import type { Value } from "./value";
import { valueOf } from "./value-of";

export interface Followed {
  readonly root: Value | undefined;
  readonly protocol: number;
  readonly globals: readonly string[];
  readonly dangers: readonly Danger[];
  readonly isJoblib: boolean;
  readonly alignedArrays?: true;
  /** It stops before its end, and nothing else is wrong with what is there. */
  readonly isCutOff: boolean;
  /** How far it could be followed. */
  readonly end: number;
}

/** Follows a pickle or joblib stream from its first byte to its last. */
export function follow(content: Buffer, gate: Gate, code: ReadonlySet<string>, fileSize = content.length): Followed {
  const heap = new Heap(content, fileSize);
  const dangers = new Dangers();
  const judge = new Judge(heap, dangers, gate, code);
  const machine = new Machine(heap, judge, dangers, opcodeTable, 0);
  let root: number | undefined;
  let endsEarly = false;
  try {
    root = machine.run();
    judge.keep(Int32Array.of(root), 0, 1, machine.position - 1);
    // A dict with a method that was no state has nobody whose method it is.
    if (judge.known.holders.size > 0)
      dangers.add("arguments", "It keeps a method as a value: something could call it later.", machine.position - 1);
    if (machine.position < content.length) tellRest(machine, dangers, content);
  } catch (error) {
    if (!(error instanceof CannotFollow)) throw error;
    dangers.add(error.code, error.message, error.offset);
    endsEarly = error instanceof EndsEarly;
  }
  measure(heap, dangers, machine.position - 1);
  const globals = [...new Set(heap.globals.filter(({ isNamed }) => isNamed).map(({ full }) => full))].sort();
  return {
    root: root === undefined ? undefined : valueOf(heap, root),
    protocol: machine.protocol,
    globals,
    dangers: dangers.list,
    isJoblib: globals.some((name) => wrappers.has(name)),
    ...(machine.hasPaddedArrays && { alignedArrays: true as const }),
    isCutOff: endsEarly && dangers.list.length === 1,
    end: machine.position,
  };
}

function tellRest(machine: Machine, dangers: Dangers, content: Buffer): void {
  const rest = content.length - machine.position;
  if (content[machine.position] === opcodes.PROTO)
    dangers.add("second-pickle", `Another pickle follows its end, of ${rest} bytes.`, machine.position);
  else dangers.add("trailing-bytes", `${rest} bytes follow its end.`, machine.position);
}
