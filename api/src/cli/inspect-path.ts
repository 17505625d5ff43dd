import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { inspectPath } from "../inspect/inspect-folder";
import type { FolderInspection } from "../inspect/inspection";
import { printInspection } from "../inspect/print-inspection";
import { UsageError } from "./usage-error";

export interface Inspected {
  readonly inspection: FolderInspection;
  /** Nothing dangerous, nothing that cannot be read, and something that is a pickle. */
  readonly isSound: boolean;
  readonly text: () => string;
}

export async function inspectGiven(path: string, colours: boolean): Promise<Inspected> {
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such file or folder`);
  const inspection = await inspectPath(resolve(path));
  const isGrave = inspection.findings.some(({ code }) => code === "dangerous" || code === "unreadable");
  return {
    inspection,
    isSound: !isGrave && inspection.files.length > 0,
    text: () => printInspection(inspection, colours),
  };
}
