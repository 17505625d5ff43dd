import { totalmem } from "node:os";

/** What this process may use, in bytes: the machine's memory, or its container's where that is less. */
export function memorySize(): number {
  const constrained = process.constrainedMemory(); // 0, or more than there can be, where nothing constrains it
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
