import { spawn } from "node:child_process";
import { join } from "node:path";

import { project } from "../../src/project";

const bin = join(project.root, "dist", "cli", "picklepod.js");
const WITHIN_MS = 600_000;

export interface Said {
  readonly code: number | null;
  readonly json: unknown;
  readonly stderr: string;
  readonly seconds: number;
}

/** `picklepod <args> --json`, as a user calls it. */
export function picklepod(args: readonly string[]): Promise<Said> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args, "--json"], {
      cwd: project.root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    const late = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(late);
      const stderr = Buffer.concat(err).toString();
      const seconds = (performance.now() - began) / 1000;
      resolve({ code, json: parsed(Buffer.concat(out).toString()), stderr, seconds });
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
