import { CannotFollow } from "./dangers";
import { hasWholeEscapes } from "./escapes";
import { isPythonUtf8 } from "./python-utf8";
import type { Machine, Opcode } from "./machine";
import { opcodes } from "./opcodes";
import { pointerWhat, saysPointer } from "./pointers";
import { textOf } from "./scalar";
import { hidesZone, zoneWhat } from "./zones";

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

/** A literal on a line of text, which must be one that Python takes. */
const line =
  (what: string, isRight: (text: string) => boolean): Opcode =>
  (machine, at) => {
    if (!isRight(machine.line(at))) throw new CannotFollow("malformed", `Its ${what} cannot be read as one.`, at);
    machine.push(~at);
  };

/** No path is longer, were each of its letters escaped. */
const longestName = 100_000;

/** Undoing the escapes of a text costs many times its length. */
const longestEscaped = 4_000_000;

/** Whose escapes can hide a name from whoever looks at the bytes. */
const escapedText =
  (opcode: Opcode): Opcode =>
  (machine, at) => {
    if (machine.bytes.indexOf("\n", machine.position) - machine.position > longestEscaped)
      throw new CannotFollow("length", `It holds a text of more than ${longestEscaped} bytes in protocol 0.`, at);
    opcode(machine, at);
    const { position, bytes } = machine;
    if (position - at > longestName) return;
    const text = textOf(machine.heap, ~at) ?? "";
    if (saysPointer(text)) machine.dangers.add("arguments", pointerWhat, at);
    if (bytes.subarray(at, position).includes("\\") && hidesZone(text)) machine.dangers.add("arguments", zoneWhat, at);
  };

const number =
  (look: RegExp): Opcode =>
  (machine, at) => {
    const text = machine.line(at);
    // A regular expression has its bounds too.
    if (text.length > mostDigits && /^\s*[-+]?\d/.test(text.slice(0, 100)))
      throw new CannotFollow("length", `It holds a number of ${text.length} digits: nothing honest does.`, at);
    if (text.length > mostDigits || !look.test(text))
      throw new CannotFollow("malformed", "Its number cannot be read as one.", at);
    machine.push(~at);
  };

const digits = "0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[oO]_?[0-7]+(?:_[0-7]+)*|0[bB]_?[01]+(?:_[01]+)*";
const decimal = "0+(?:_0+)*|[1-9][0-9]*(?:_[0-9]+)*";
const integer = number(new RegExp(String.raw`^(?:0[01]|\s*[-+]?(?:${digits}|${decimal})\s*)$`));
const long = number(new RegExp(String.raw`^\s*[-+]?(?:${digits}|${decimal})(?:L|\s*)$`));

/** A backslash at the end, or \x without two digits. */
function hasBrokenEscape(text: string): boolean {
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at + 2)) {
    if (at === text.length - 1) return true;
    if (text[at + 1] === "x" && !/^[0-9a-fA-F]{2}$/.test(text.slice(at + 2, at + 4))) return true;
  }
  return false;
}

function isQuoted(text: string): boolean {
  const inner = text.trim();
  const isClosed =
    inner.length >= 2 && (inner.startsWith("'") || inner.startsWith('"')) && inner.startsWith(inner.slice(-1));
  return isClosed && !hasBrokenEscape(inner.slice(1, -1));
}

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
  [opcodes.LONG]: long,
  [opcodes.FLOAT]: number(/^\s*[-+]?((\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?|inf|infinity|nan)\s*$/i),
  [opcodes.STRING]: escapedText(line("string", isQuoted)),
  [opcodes.UNICODE]: escapedText(line("text", hasWholeEscapes)),
};
