import { totalmem } from "node:os";

/** Bodies that are not complete, rows that have not ended, and streams have so much each; the rest is for all else. */
const SHARE = 1 / 4;

/** In bytes, of what this process may use: the machine's memory, or its container's where that is less. */
export function memoryShare(): number {
  const constrained = process.constrainedMemory(); // 0, or more than there can be, where nothing constrains it
  return SHARE * (constrained > 0 ? Math.min(constrained, totalmem()) : totalmem());
}
