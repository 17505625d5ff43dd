import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Manifest } from "../bundle/manifest";
import type { Danger, Reading } from "../pickle/reading";
import { readPickle } from "../pickle/read-pickle";
import { type CheckFinding, type CheckStep, outcome, unknown } from "./check-result";

/** Reads every artifact as the gate of the sidecar does, without running it: what it would refuse is told before. */
export async function gateStep(
  folder: string,
  artifacts: readonly string[],
  code: ReadonlySet<string>,
): Promise<CheckStep> {
  const present = artifacts
    .map((file) => join(folder, file))
    .filter((path) => existsSync(path) && statSync(path).isFile());
  if (present.length === 0) return unknown("gate", "there is no artifact to look at");
  const findings: CheckFinding[] = [];
  for (const path of present) findings.push(...findingsOf(path, await readPickle(path, code)));
  const files = present.length === 1 ? "1 file holds" : `${present.length} files hold`;
  return outcome("gate", findings, `${files} nothing but what is known to be honest`);
}

export const artifactFiles = ({ artifacts }: Manifest): string[] => [
  ...new Set(Object.values(artifacts).map(({ file }) => file)),
];

function findingsOf(file: string, { note, dangers }: Reading): CheckFinding[] {
  if (note !== undefined)
    return [{ file, message: note, remedy: "Bring the file that the notebook wrote, and pin it" }];
  return dangers.map((danger) => ({ file, message: `${danger.code}: ${danger.what}`, remedy: remedyOf(danger) }));
}

function remedyOf({ code, global }: Danger): string {
  if (code === "unknown-global" && global !== undefined) {
    const module = global.slice(0, global.lastIndexOf("."));
    return `If it is your own class, name its module's file: code: {${module}: <file>.py}, and pin; else do not load the file`;
  }
  return "Do not load it: ask whoever made it for a file that was written by the library itself";
}
