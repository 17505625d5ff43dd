import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A folder, and those above it, one after the other: Node's own recursive mkdir never ends where folders cannot be
 * made, as in /proc.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // another process was faster
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
