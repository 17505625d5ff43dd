import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processStart } from "./process-start";
import { startSidecar, type SidecarOptions } from "./sidecar-process";
import { supervise } from "./supervisor";

let folder: string;
let logged: [fields: object, text: string][];
const note = (fields: object, text: string) => logged.push([fields, text]);
const log = { debug: note, info: note, warn: note, error: note };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "picklepod-sidecar-"));
  logged = [];
});
afterEach(() => rm(folder, { recursive: true }));

const listens = 'console.log(JSON.stringify({ event: "listening", port: 9101, pid: process.pid }));';
const untilStdinCloses = 'process.stdin.resume().on("end", () => process.exit(0));';

/** A program that stands in for the environment's Python, and does as the script says. */
async function sidecar(script: string): Promise<SidecarOptions> {
  const python = join(folder, "python");
  await writeFile(python, `#!${process.execPath}\n${script}\n`);
  await chmod(python, 0o755);
  return {
    python,
    bundles: [
      { folder: "/models/a", digest: "a".repeat(64) },
      { folder: "/models/b", digest: "b".repeat(64) },
    ],
    stateDir: "/state",
    name: "a+b",
    env: { PATH: "/bin", SECRET: "x" },
    log,
  };
}
const isAlive = (pid: number) => processStart(pid) !== undefined;
async function eventually(condition: () => boolean) {
  for (let tries = 0; !condition() && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

describe("a sidecar's process", () => {
  it("is started with its bundles, few variables and a neutral folder, and is known by its port", async () => {
    const options = await sidecar(
      `require("fs").writeFileSync(${JSON.stringify(join(folder, "seen"))},
         JSON.stringify([process.argv.slice(2), process.cwd(), process.env.SECRET ?? null, process.env.OMP_NUM_THREADS]));
       ${listens} ${untilStdinCloses}`,
    );
    const { url, pid, stop } = await startSidecar(options);
    expect(url).toBe("http://127.0.0.1:9101");
    expect(isAlive(pid)).toBe(true);
    expect(JSON.parse(await readFile(join(folder, "seen"), "utf8"))).toEqual([
      `-m picklepod_sidecar --bundle /models/a=${"a".repeat(64)} --bundle /models/b=${"b".repeat(64)} --port 0 --state-dir /state --exit-with-stdin`.split(
        " ",
      ),
      "/",
      null,
      "1",
    ]);
    await stop({ graceMs: 1_000 });
    expect(isAlive(pid)).toBe(false);
  });

  it("has its lines in our log", async () => {
    const options = await sidecar(
      `console.error('{"level":"info","event":"proof"}'); console.error("a warning"); console.log("printed"); ${listens} ${untilStdinCloses}`,
    );
    const { stop } = await startSidecar(options);
    await stop({ graceMs: 1_000 });
    expect(logged.map(([, text]) => text).sort()).toEqual(["a warning", "printed", "proof"]);
    expect(logged[0]?.[0]).toMatchObject({ sidecar: "a+b" });
  });

  it("that ends before it listens is told with its last lines", async () => {
    const options = await sidecar('console.error("No module named picklepod_sidecar"); process.exitCode = 1;');
    await expect(startSidecar(options)).rejects.toThrow(
      "The sidecar a+b did not start: it ended with code 1. Its last lines:\nNo module named picklepod_sidecar",
    );
  });

  it("that does not listen in time is told, and ended", async () => {
    const options = await sidecar(`console.error("pid " + process.pid); setInterval(() => {}, 1000);`);
    const error = await startSidecar({ ...options, listenWithinMs: 400 }).catch((error: unknown) => error as Error);
    const [, pid] = /did not listen within 0 s. Its last lines:\npid (\d+)/.exec((error as Error).message) ?? [];
    expect(isAlive(Number(pid))).toBe(false);
  });

  it("that cannot be spawned is told", async () => {
    const options = { ...(await sidecar("")), python: "/nowhere/bin/python" };
    await expect(startSidecar(options)).rejects.toThrow("did not start: spawn /nowhere/bin/python ENOENT");
  });

  it("is ended by force, with its children, when it does not end by itself", async () => {
    const options = await sidecar(
      `const child = require("child_process").spawn("/bin/sleep", ["60"]);
       process.on("SIGTERM", () => {}); console.error("child " + child.pid); ${listens} setInterval(() => {}, 1000);`,
    );
    const { pid, stop, exited } = await startSidecar(options);
    await eventually(() => logged.length > 0);
    const child = Number(logged[0]?.[1].split(" ")[1]);
    await stop({ graceMs: 50 });
    expect(await exited).toBe("it was ended by SIGKILL");
    await eventually(() => !isAlive(pid) && !isAlive(child));
  });

  it("that crashes leaves no child behind", async () => {
    const options = await sidecar(
      `const child = require("child_process").spawn("/bin/sleep", ["60"], { stdio: "inherit" });
       console.error("child " + child.pid); ${listens} setTimeout(() => process.exit(7), 50);`,
    );
    const { exited } = await startSidecar(options);
    expect(await exited).toBe("it ended with code 7");
    const child = Number(logged[0]?.[1].split(" ")[1]);
    await eventually(() => !isAlive(child));
  });

  it("is given up before it listens when the caller says so", async () => {
    const options = await sidecar(`setInterval(() => {}, 1000);`);
    const start = startSidecar({ ...options, signal: AbortSignal.timeout(100) });
    await expect(start).rejects.toThrow(/timeout/);
  });

  it("ends when we are killed, for its stdin closes then", async () => {
    const { python } = await sidecar(`${untilStdinCloses} console.log(process.pid);`);
    const parent = `const { spawn } = require("child_process");
      spawn(${JSON.stringify(python)}, { detached: true, stdio: ["pipe", "inherit", "inherit"] }); setInterval(() => {}, 1000);`;
    const us = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "ignore"] });
    const pid = await new Promise<number>((resolve) =>
      us.stdout.once("data", (data) => {
        resolve(Number(data));
      }),
    );
    us.kill("SIGKILL");
    await eventually(() => !isAlive(pid));
  });
});

it("a sidecar that is killed is running again at once, under another pid", async () => {
  const options = await sidecar(`${listens} ${untilStdinCloses}`);
  const pids: number[] = [];
  const supervisor = supervise({
    name: "a+b",
    prepare: () => Promise.resolve(undefined),
    start: (_, signal) => startSidecar({ ...options, signal }),
    onState: (state) => {
      if (state.kind === "running") pids.push(state.pid);
    },
    log,
  });
  await eventually(() => pids.length === 1);
  process.kill(pids[0] ?? 0, "SIGKILL");
  await eventually(() => pids.length === 2);
  expect(pids[1]).not.toBe(pids[0]);
  await supervisor.stop({ graceMs: 1_000 });
  expect(pids.some(isAlive)).toBe(false);
});
