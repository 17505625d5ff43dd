import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";

import { project } from "../src/project";
import { testState } from "./start-picklepod";

const bin = join(project.root, "dist", "cli", "picklepod.js");

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Where {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What comes in on stdin. */
  readonly input?: string;
}

/** The command line as a user calls it: a process of its own, with nothing but pipes. */
export function startCommand(args: readonly string[], { cwd = project.root, env = {}, input = "" }: Where = {}) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, STATE_DIR: testState, ...env },
  });
  child.stdin.end(input);
  const [stdout, stderr] = [[] as string[], [] as string[]];
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
  const ended = new Promise<Said>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout: stdout.join(""), stderr: stderr.join("") });
    });
  });
  return { child, ended, stdout: () => stdout.join(""), stderr: () => stderr.join("") };
}

export const runCommandLine = (args: readonly string[], where?: Where): Promise<Said> =>
  startCommand(args, where).ended;
