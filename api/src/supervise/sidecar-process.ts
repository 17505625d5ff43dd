import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { resolve as absolute } from "node:path";
import { sidecarVariables } from "./child-variables";
import { forwardLog, parseObject } from "./forward-log";
import type { Log, Variables } from "./log";
import { lastLines, readLines } from "./read-lines";

/** A folder, and the digest of the only bundle that a sidecar may find there: what lies in it may have been changed. */
export interface PlacedBundle {
  readonly folder: string;
  readonly digest: string;
}

export interface SidecarOptions {
  /** bin/python of the environment. */
  python: string;
  bundles: readonly PlacedBundle[];
  stateDir: string;
  /** What it is to know us by. */
  token?: string | undefined;
  /** Names it in the log. */
  name: string;
  env: Variables;
  log: Log;
  listenWithinMs?: number;
  /** Until it listens; afterwards stop it. */
  signal?: AbortSignal | undefined;
}

export interface Sidecar {
  url: string;
  pid: number;
  /** Settles, with a sentence, when its whole process group is gone. Never rejects. */
  exited: Promise<string>;
  /** SIGTERM, and SIGKILL to the whole group when it is not gone after graceMs. Resolves when it is gone. */
  stop: (options: { graceMs: number }) => Promise<void>;
}

/** Starts the sidecar of one environment and waits until it listens. Rejects, with its last lines, when it does not. */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  options.signal?.throwIfAborted();
  const child = spawnSidecar(options);
  const errors = lastLines(20);
  const forward = forwardLog(options.log, options.name);
  readLines(child.stderr, (line) => {
    errors.add(line);
    forward(line);
  });
  const exited = goneWith(child);
  try {
    const port = await listening(child, exited, options, forward);
    const url = `http://127.0.0.1:${port}`;
    return { url, pid: child.pid ?? 0, exited, stop: ({ graceMs }) => stop(child, exited, graceMs) };
  } catch (error) {
    killGroup(child, "SIGKILL");
    await exited;
    if (options.signal?.aborted === true) throw error;
    const said = errors.text();
    throw new Error(`${(error as Error).message}${said === "" ? "" : ` Its last lines:\n${said}`}`, { cause: error });
  }
}

/**
 * In a process group of its own, so that Ctrl-C at the terminal leaves it alive until the API has drained. Its stdin
 * stays open for as long as we live, and it ends when that closes: a kill -9 of the API leaves no orphan.
 */
function spawnSidecar({ python, bundles, stateDir, env, token }: SidecarOptions): ChildProcessWithoutNullStreams {
  const each = bundles.flatMap(({ folder, digest }) => ["--bundle", `${absolute(folder)}=${digest}`]);
  const args = [
    "-m",
    "picklepod_sidecar",
    ...each,
    "--port",
    "0",
    "--state-dir",
    absolute(stateDir),
    "--exit-with-stdin",
  ];
  // In "/", for -m puts the current folder first on sys.path, and nothing that lies in ours may be imported.
  const child = spawn(python, args, {
    cwd: "/",
    detached: true,
    env: { ...sidecarVariables(env), ...(token !== undefined && { SIDECAR_TOKEN: token }) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined); // it is gone, which "exit" tells better
  return child;
}

/** The port, once it says so. What else it prints to stdout is an artifact's doing, and goes to the log. */
function listening(
  child: ChildProcessWithoutNullStreams,
  exited: Promise<string>,
  { name, signal, listenWithinMs = 60_000 }: SidecarOptions,
  forward: (line: string) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      reject(error);
    };
    const cancel = () => {
      fail(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      fail(new Error(`The sidecar ${name} did not listen within ${Math.round(listenWithinMs / 1000)} s.`));
    }, listenWithinMs);
    signal?.addEventListener("abort", cancel, { once: true });
    readLines(child.stdout, (line) => {
      const fields = parseObject(line);
      if (fields?.["event"] !== "listening" || typeof fields["port"] !== "number") {
        forward(line);
        return;
      }
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      resolve(fields["port"]);
    });
    void exited.then((how) => {
      fail(new Error(`The sidecar ${name} did not start: ${how}.`));
    });
  });
}

/** How it ended, in words, after all it wrote was read. Whatever it had started goes with it. */
function goneWith(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      resolve(error.message); // never spawned
    });
    child.on("exit", () => {
      killGroup(child, "SIGKILL");
    });
    child.on("close", (code, signal) => {
      resolve(signal === null ? `it ended with code ${code ?? "unknown"}` : `it was ended by ${signal}`);
    });
  });
}

async function stop(child: ChildProcessWithoutNullStreams, exited: Promise<string>, graceMs: number): Promise<void> {
  const timer = setTimeout(() => {
    killGroup(child, "SIGKILL");
  }, graceMs);
  child.kill("SIGTERM"); // to it alone: it ends its own children as it finishes what runs
  await exited;
  clearTimeout(timer);
}

function killGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // none of it is left
  }
}
