import { CannotFollow } from "./dangers";
import { isPythonUtf8 } from "./python-utf8";
import type { Machine, Opcode } from "./machine";
import { opcodes } from "./opcodes";

/** Python's own limit for the digits of an integer in a text; and what LONG4 may hold of them. */
const mostDigits = 4300;
const mostLongBytes = 2048;

type Table = Partial<Record<number, Opcode>>;

/** A literal is pushed as its place; scalar.ts reads it when it is asked for. */
const fixed =
  (length: number): Opcode =>
  (machine, at) => {
    machine.step(length, at);
    machine.push(~at);
  };

const counted =
  (lengthOf: (machine: Machine, at: number) => number): Opcode =>
  (machine, at) => {
    machine.take(lengthOf(machine, at), at);
    machine.push(~at);
  };

/** A counted text, which must be UTF-8 but for lone surrogates, as Python takes it. */
const countedText =
  (lengthOf: (machine: Machine, at: number) => number): Opcode =>
  (machine, at) => {
    const length = lengthOf(machine, at);
    const from = machine.take(length, at);
    if (!isPythonUtf8(machine.bytes, from, from + length))
      throw new CannotFollow("malformed", "It has a text that is no UTF-8.", at);
    machine.push(~at);
  };

const byte = (machine: Machine, at: number): number => machine.bytes[machine.step(1, at)] ?? 0;
const unsigned4 = (machine: Machine, at: number): number => machine.bytes.readUInt32LE(machine.step(4, at));
/** More than 2^53 is beyond any file, exact or not. */
export const unsigned8 = (machine: Machine, at: number): number =>
  Number(machine.bytes.readBigUInt64LE(machine.step(8, at)));

function signed4(machine: Machine, at: number): number {
  const length = machine.bytes.readInt32LE(machine.step(4, at));
  if (length < 0) throw new CannotFollow("length", `It says that ${length} bytes follow.`, at);
  return length;
}

function longLength(machine: Machine, at: number): number {
  const length = signed4(machine, at);
  if (length > mostLongBytes)
    throw new CannotFollow("length", `It holds an integer of ${length} bytes: nothing honest does.`, at);
  return length;
}

/** A literal on a line of text, of the look that Python takes. */
const line =
  (what: string, look: RegExp): Opcode =>
  (machine, at) => {
    const text = machine.line(at);
    if (!look.test(text)) throw new CannotFollow("malformed", `Its ${what} cannot be read as one.`, at);
    if (what === "integer" && text.length > mostDigits)
      throw new CannotFollow("length", `It holds an integer of ${text.length} digits: nothing honest does.`, at);
    machine.push(~at);
  };

const integer = line(
  "integer",
  /^\s*[-+]?(0[xX][0-9a-fA-F][0-9a-fA-F_]*|0[oO][0-7][0-7_]*|0[bB][01][01_]*|[0-9][0-9_]*)L?\s*$/,
);

export const literalOpcodes: Table = {
  [opcodes.NONE]: fixed(0),
  [opcodes.NEWTRUE]: fixed(0),
  [opcodes.NEWFALSE]: fixed(0),
  [opcodes.EMPTY_TUPLE]: fixed(0),
  [opcodes.BININT1]: fixed(1),
  [opcodes.BININT2]: fixed(2),
  [opcodes.BININT]: fixed(4),
  [opcodes.BINFLOAT]: fixed(8),
  [opcodes.LONG1]: counted(byte),
  [opcodes.LONG4]: counted(longLength),
  [opcodes.SHORT_BINSTRING]: counted(byte),
  [opcodes.SHORT_BINBYTES]: counted(byte),
  [opcodes.SHORT_BINUNICODE]: countedText(byte),
  [opcodes.BINSTRING]: counted(signed4),
  [opcodes.BINBYTES]: counted(unsigned4),
  [opcodes.BINUNICODE]: countedText(unsigned4),
  [opcodes.BINBYTES8]: counted(unsigned8),
  [opcodes.BINUNICODE8]: countedText(unsigned8),
  [opcodes.BYTEARRAY8]: counted(unsigned8),
  [opcodes.INT]: integer,
  [opcodes.LONG]: integer,
  [opcodes.FLOAT]: line("float", /^\s*[-+]?((\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?|inf|infinity|nan)\s*$/i),
  [opcodes.STRING]: line("string", /^\s*(["']).*\1\s*$/s),
  [opcodes.UNICODE]: line("text", /^/),
};
