import { CannotFollow } from "./dangers";
import { unsigned8 } from "./literal-opcodes";
import type { Machine, Opcode } from "./machine";
import { opcodes } from "./opcodes";

const highestProtocol = 5;

function indexInText(machine: Machine, at: number): number {
  const text = machine.line(at);
  if (!/^\s*\d{1,15}\s*$/.test(text)) throw new CannotFollow("malformed", "A place in its memo is no number.", at);
  return Number(text);
}

const indexInByte = (machine: Machine, at: number): number => machine.bytes[machine.step(1, at)] ?? 0;
const indexInFour = (machine: Machine, at: number): number => machine.bytes.readUInt32LE(machine.step(4, at));

const put =
  (indexOf: (machine: Machine, at: number) => number): Opcode =>
  (machine, at) => {
    machine.remember(indexOf(machine, at), at);
  };

const get =
  (indexOf: (machine: Machine, at: number) => number): Opcode =>
  (machine, at) => {
    machine.recall(indexOf(machine, at), at);
  };

/** The memo, the stack's own opcodes, and what frames the whole. */
export const memoOpcodes: Partial<Record<number, Opcode>> = {
  [opcodes.PUT]: put(indexInText),
  [opcodes.BINPUT]: put(indexInByte),
  [opcodes.LONG_BINPUT]: put(indexInFour),
  [opcodes.MEMOIZE]: (machine, at) => {
    machine.rememberNext(at);
  },
  [opcodes.GET]: get(indexInText),
  [opcodes.BINGET]: get(indexInByte),
  [opcodes.LONG_BINGET]: get(indexInFour),
  [opcodes.MARK]: (machine, at) => {
    machine.mark(at);
  },
  [opcodes.POP]: (machine, at) => {
    machine.dropTop(at);
  },
  [opcodes.POP_MARK]: (machine, at) => {
    machine.top = machine.closeMark(at);
  },
  [opcodes.DUP]: (machine, at) => {
    machine.heap.isShared = true;
    machine.push(machine.peek(at));
  },
  [opcodes.PROTO]: (machine, at) => {
    const protocol = machine.bytes[machine.step(1, at)] ?? 0;
    if (protocol > highestProtocol)
      throw new CannotFollow("malformed", `It says that its protocol is ${protocol}: there are 0 to 5.`, at);
    machine.protocol = Math.max(machine.protocol, protocol);
  },
  [opcodes.FRAME]: frame,
  [opcodes.STOP]: (machine) => {
    machine.ended = true;
  },
};

/** A frame within a frame reads differently by Python's two unpicklers. */
function frame(machine: Machine, at: number): void {
  const length = unsigned8(machine, at);
  if (at < machine.frameEnd) throw new CannotFollow("malformed", "A frame starts within a frame.", at);
  const start = machine.take(length, at);
  machine.position = start;
  machine.frameEnd = start + length;
}
