import { readFileSync } from "node:fs";

/** Open without any client, and what connections to sidecars and files that are read need beside it. */
const OWN_FILES = 64;
const OWN_SHARE = 1 / 8;
const FEWEST_CONNECTIONS = 16;

/** Said so that a person knows what to do. */
export class FileLimitError extends Error {
  override readonly name = "FileLimitError";
}

/**
 * How many connections may be open at once. Each is a file; were all of them the callers', none would be left to ask a sidecar
 * through, and nobody would be answered. Undefined where there is no limit, or no way to know it.
 *
 * @param limits the text of /proc/self/limits
 * @throws FileLimitError
 */
export function mostConnections(limits = readLimits()): number | undefined {
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  if (Number.isNaN(files)) return undefined;
  const connections = files - Math.max(OWN_FILES, Math.ceil(files * OWN_SHARE));
  if (connections >= FEWEST_CONNECTIONS) return connections;
  const needed = OWN_FILES + FEWEST_CONNECTIONS;
  throw new FileLimitError(
    `${files} files may be open in this process; at least ${needed} are needed, and one more for each caller. Raise it: ulimit -n 4096`,
  );
}

function readLimits(): string {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return ""; // no Linux
  }
}
