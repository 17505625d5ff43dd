import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { project } from "../../src/project";
import { temporaryFolder } from "../bundle-copy";
import { realArtifacts } from "../shared-material";
import { INIT_FLAGS } from "./init-flags";

export interface RealRequest {
  readonly id: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly ok: boolean;
}

export const realRequests = (name: string): RealRequest[] => jsonLines<RealRequest>(name, "requests.jsonl");

export function jsonLines<T>(name: string, file: string): T[] {
  const lines = readFileSync(join(realArtifacts(name), file), "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as T);
}

/** The committed manifest and lock, put beside the real artifacts and pinned with the rows of their own requests. */
export async function pinRealBundle(name: string): Promise<string> {
  const folder = join(temporaryFolder(), name);
  cpSync(realArtifacts(name), folder, { recursive: true, filter: (file) => !file.endsWith(".jsonl") });
  cpSync(join(project.root, "api", "test", "real", name), folder, { recursive: true });
  const rows = join(folder, "rows.json");
  const good = realRequests(name).filter(({ ok }) => ok);
  writeFileSync(rows, JSON.stringify(good.flatMap((request) => request.rows)));
  await pin(folder, rows);
  return folder;
}

/** What `init` makes of the files alone, with the questions that it has to ask answered by flags. */
export async function initRealBundle(name: string): Promise<string> {
  const [files, out] = [join(temporaryFolder(), "files"), join(temporaryFolder(), name)];
  cpSync(realArtifacts(name), files, { recursive: true, filter: (file) => !file.endsWith(".jsonl") });
  await picklepod(["init", files, "--yes", "--out", out, "--name", name, ...(INIT_FLAGS[name] ?? [])]);
  return out;
}

/** As `picklepod pin folder --rows rows.json` does. */
export const pin = (folder: string, rows?: string): Promise<string> =>
  picklepod(["pin", folder, ...(rows === undefined ? [] : ["--rows", rows])]);

async function picklepod(args: readonly string[]): Promise<string> {
  const command = join(project.root, "dist", "cli", "picklepod.js");
  const options = { cwd: project.root, maxBuffer: 64 * 1024 * 1024 };
  return (await promisify(execFile)(process.execPath, [command, ...args], options)).stdout;
}
