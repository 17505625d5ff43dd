import { spawn } from "node:child_process";

import { BundleError } from "../bundle/finding";
import type { PinTools } from "../pin/pin";
import { project } from "../project";
import { readSettings } from "../settings";
import { CannotPrepare } from "../supervise/cannot-prepare";
import { installerVariables, sidecarVariables } from "../supervise/child-variables";
import { type EnvironmentRequest, prepareEnvironment } from "../supervise/environments";
import { findUv } from "../supervise/find-uv";
import { installationFailure, isOutOfReach } from "../supervise/installation-failure";
import { runCommand } from "../supervise/run-command";
import type { Log } from "../supervise/log";
import { lastLines, readLines } from "../supervise/read-lines";
import { interrupted } from "./interruption";
import { say } from "./terminal";

export const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** For sidecars that nobody reads the log of: what of their box cannot be had, the person hears once. */
export function quietButForTheBox(): Log {
  const tell = withNotesOnce(say);
  const listen = (fields: object, event: string): void => {
    if (event === "box" && "text" in fields) tell(`NOTE: ${String(fields.text)}`);
  };
  return { ...quiet, info: listen, warn: listen };
}

const INSTALL_WITHIN_MS = 300_000;

/** What every verb that makes or uses an environment is given: where things lie, and who is told. */
export function machine() {
  const { env } = readSettings();
  return {
    env,
    log: quiet,
    cacheDir: project.cacheFolder,
    requirements: project.uvRequirements,
    uvRequirements: project.uvRequirements,
    sidecarRoot: project.sidecarRoot,
    onProgress: say,
    signal: interrupted,
  };
}

/** What makes an environment for a bundle, as serving makes it. */
export const environmentRequest = (python: string, lock: string, bundle: string): EnvironmentRequest => ({
  ...machine(),
  python,
  lock,
  bundles: [bundle],
  sidecarLock: project.sidecarLock(python),
});

/** uv and the reference, for whoever pins: `pin`, `lock`, `init`, `check`, `train`. */
export function createTools(): PinTools {
  const tell = withNotesOnce(say);
  return {
    say,
    uv: runUv,
    runReference: async ({ python, lock, bundle, ...rest }) => {
      const environment = await prepareEnvironment(environmentRequest(python, lock, bundle));
      await runReference({ bundle, ...rest }, environment.python, tell);
    },
  };
}

/** `init` asks the reference several times, and each time it would say the same of the machine. */
function withNotesOnce(tell: (line: string) => void): (line: string) => void {
  const noted = new Set<string>();
  return (line) => {
    if (noted.has(line)) return;
    if (line.startsWith("NOTE: ") && noted.size < 100) noted.add(line); // an artifact may print them as well
    tell(line);
  };
}

async function runUv(args: readonly string[]): Promise<void> {
  const uv = await findUv(machine());
  const env = installerVariables(readSettings().env);
  const command = { program: uv.path, args, env, timeoutMs: INSTALL_WITHIN_MS, signal: interrupted };
  const outcome = await runCommand(command);
  interrupted.throwIfAborted();
  if (!outcome.ok) throw cannotLock(outcome.errors);
}

/** Versions that do not go together are the bundle's fault; a registry out of reach is this machine's. */
function cannotLock(uvSaid: string): Error {
  if (isOutOfReach(uvSaid)) return installationFailure("The lock", uvSaid);
  if (/No solution found|was not found in the|has no wheels|Couldn't parse/i.test(uvSaid)) {
    const remedy = "Mend requirements.txt, or environment.python in model.yaml";
    return new BundleError([{ file: "requirements.txt", message: `cannot be locked:\n${uvSaid}\n`, remedy }]);
  }
  return new CannotPrepare(
    `The lock cannot be made:\n${uvSaid}`,
    "Check the network (UV_DEFAULT_INDEX and HTTPS_PROXY are passed on), then requirements.txt",
  );
}

const LIMITS = [`${32 * 2 ** 30}`, `${4 * 3600}`, `${8 * 2 ** 30}`]; // bytes of memory, seconds of CPU, bytes of a file

/**
 * Whoever is asked for his opinion of strangers' artifacts closes itself in: no program, no process, no socket, and it writes in
 * one folder alone. Training may all.
 */
const boxed = (writes: string): string[] => (writes === "anywhere" ? [] : ["picklepod_box", ...LIMITS, writes, "--"]);

type Asked = Omit<Parameters<PinTools["runReference"]>[0], "python" | "lock">;

/** What it prints is for the person who waits: stdout is ours. */
function runReference({ bundle, args, writes }: Asked, python: string, tell: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = sidecarVariables(readSettings().env);
    // In "/", for -m puts the current folder first on sys.path, and a stranger's may have a picklepod_box of its own.
    const child = spawn(python, ["-m", ...boxed(writes), "picklepod_reference", ...args], {
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
      env: writes === "anywhere" ? env : { ...env, TMPDIR: writes },
      signal: interrupted,
      killSignal: "SIGKILL",
    });
    const said = lastLines(30);
    for (const stream of [child.stdout, child.stderr]) {
      readLines(stream, (line) => {
        said.add(line);
        tell(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(notCalled(bundle, signal === null ? said.text() : `error: they ended the process (${signal})`));
    });
  });
}

function notCalled(bundle: string, said: string): BundleError {
  const why = /^error: (.*)$/m.exec(said)?.[1];
  const message = `the artifacts could not be called${why === undefined ? "" : `: ${why}`}`;
  return new BundleError([{ file: bundle, message, remedy: "The lines above say why" }]);
}
