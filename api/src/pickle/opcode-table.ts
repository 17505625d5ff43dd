import { collectionOpcodes } from "./collection-opcodes";
import { literalOpcodes } from "./literal-opcodes";
import type { Opcode, OpcodeTable } from "./machine";
import { memoOpcodes } from "./memo-opcodes";
import { objectOpcodes } from "./object-opcodes";

const all: Partial<Record<number, Opcode>> = {
  ...literalOpcodes,
  ...collectionOpcodes,
  ...memoOpcodes,
  ...objectOpcodes,
};

/** By the opcode's byte. */
export const opcodeTable: OpcodeTable = Array.from({ length: 256 }, (_, code) => all[code]);
