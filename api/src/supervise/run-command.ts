import { spawn } from "node:child_process";
import { lastLines, readLines } from "./read-lines";

export interface Command {
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  timeoutMs: number;
  onLine?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** ok: it ended with 0. output: the last lines of stdout; errors: the last of both, as they came. */
export interface Outcome {
  ok: boolean;
  output: string;
  errors: string;
}

export type RunCommand = (command: Command) => Promise<Outcome>;

/**
 * Runs a program to its end. A program that is missing, fails, hangs or is cancelled is an outcome, never an exception.
 *
 * It runs in "/", so that no pyproject.toml, uv.toml or .python-version of a folder on the way up has a say.
 */
export const runCommand: RunCommand = ({ program, args, env, timeoutMs, onLine, signal }) =>
  new Promise((resolve) => {
    const output = lastLines(400);
    const errors = lastLines(60);
    const child = spawn(program, args, { cwd: "/", env, stdio: ["ignore", "pipe", "pipe"] });
    const end = (ok: boolean, why?: string) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      if (why !== undefined) errors.add(why);
      resolve({ ok, output: output.text(), errors: errors.text() });
    };
    const kill = (why: string) => {
      child.kill("SIGKILL");
      // A grandchild may hold the pipes open for as long as it likes.
      child.stdout.destroy();
      child.stderr.destroy();
      end(false, why);
    };
    const cancel = () => {
      kill("It was cancelled.");
    };
    const timer = setTimeout(() => {
      kill(`It did not end within ${Math.round(timeoutMs / 1000)} s.`);
    }, timeoutMs);
    readLines(child.stdout, (line) => {
      output.add(line);
      errors.add(line);
      onLine?.(line);
    });
    readLines(child.stderr, (line) => {
      errors.add(line);
      onLine?.(line);
    });
    child.on("error", (error) => {
      end(false, error.message);
    });
    child.on("close", (code, killedBy) => {
      end(code === 0, killedBy === null ? undefined : `It was ended by ${killedBy}.`);
    });
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener("abort", cancel, { once: true });
  });
