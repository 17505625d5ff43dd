import { readFileSync } from "node:fs";

import { UsageError } from "./usage-error";

/** What a server is told that wants an API key; from a file, since others on the machine see a command's words. */
export function keyHeaders(file: string | undefined): Record<string, string> {
  if (file === undefined) return {};
  try {
    return { authorization: `Bearer ${readFileSync(file, "utf8").trim()}` };
  } catch (error) {
    throw new UsageError(`--key-file ${file} cannot be read (${(error as Error).message}). Mend the path.`);
  }
}
