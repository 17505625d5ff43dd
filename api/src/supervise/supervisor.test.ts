import type { Sidecar } from "./sidecar-process";
import { supervise, type SupervisorState } from "./supervisor";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A sidecar that lives until it is told to exit; the nth listens at port n. */
function fakeSidecars() {
  const sidecars: { exit: (reason: string) => void; stopped: number[] }[] = [];
  const start = (): Promise<Sidecar> => {
    let exit: (reason: string) => void = () => undefined;
    const exited = new Promise<string>((resolve) => (exit = resolve));
    const stopped: number[] = [];
    sidecars.push({ exit, stopped });
    const stop = async ({ graceMs }: { graceMs: number }) => {
      stopped.push(graceMs);
      exit("it was ended by SIGTERM");
      await exited;
    };
    return Promise.resolve({ url: `http://127.0.0.1:${sidecars.length}`, pid: sidecars.length, exited, stop });
  };
  return { sidecars, start };
}

function supervised(changes: Partial<Parameters<typeof supervise<string>>[0]> = {}) {
  const { sidecars, start } = fakeSidecars();
  const heard: string[] = [];
  const states: SupervisorState[] = [];
  const supervisor = supervise({
    name: "classification",
    prepare: () => Promise.resolve("/env/bin/python"),
    start,
    onListening: (url) => heard.push(`listening ${url}`),
    onExit: (reason) => heard.push(`exit: ${reason}`),
    onState: (state) => states.push(state),
    log,
    ...changes,
  });
  const after = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  return { supervisor, sidecars, heard, states, after };
}

describe("a supervised sidecar", () => {
  it("is prepared, started and announced", async () => {
    const { supervisor, states, heard, after } = supervised();
    expect(supervisor.state).toEqual({ kind: "preparing" });
    await after(0);
    expect(states).toEqual([
      { kind: "preparing" },
      { kind: "starting" },
      { kind: "running", url: "http://127.0.0.1:1", pid: 1 },
    ]);
    expect(supervisor.state).toBe(states[2]);
    expect(heard).toEqual(["listening http://127.0.0.1:1"]);
    await supervisor.stop();
  });

  it("that exits is announced gone, and started again at once", async () => {
    const { supervisor, sidecars, heard, after } = supervised();
    await after(0);
    sidecars[0]?.exit("it was ended by SIGKILL");
    await after(0);
    expect(heard).toEqual([
      "listening http://127.0.0.1:1",
      "exit: it was ended by SIGKILL",
      "listening http://127.0.0.1:2",
    ]);
    await supervisor.stop();
  });

  it("that exits again and again before it serves is started ever more seldom", async () => {
    const { supervisor, sidecars, after } = supervised();
    await after(0);
    for (const delayMs of [0, 100, 200, 400]) {
      const present = sidecars.length;
      sidecars.at(-1)?.exit("boom");
      await after(Math.max(0, delayMs - 1));
      if (delayMs > 0) expect(supervisor.state).toEqual({ kind: "backing-off", reason: "boom", delayMs });
      await after(1);
      expect(sidecars.length).toBe(present + 1);
      expect(supervisor.state.kind).toBe("running");
    }
    await supervisor.stop();
  });

  it("that was up for 30 s is started at once again", async () => {
    const { supervisor, sidecars, after } = supervised();
    await after(0);
    for (const upMs of [0, 0, 30_000]) {
      await after(upMs + 100);
      sidecars.at(-1)?.exit("boom");
      await after(0);
    }
    expect(supervisor.state.kind).toBe("running");
    await supervisor.stop();
  });

  it("that does not start is tried again, and nobody is told of an exit", async () => {
    const { start } = fakeSidecars();
    let tries = 0;
    const { supervisor, states, heard, after } = supervised({
      start: () => ((tries += 1) < 3 ? Promise.reject(new Error("no numpy")) : start()),
    });
    await after(100);
    expect(states.filter(({ kind }) => kind === "backing-off")).toEqual([
      { kind: "backing-off", reason: "no numpy", delayMs: 0 },
      { kind: "backing-off", reason: "no numpy", delayMs: 100 },
    ]);
    expect(heard).toEqual(["listening http://127.0.0.1:1"]);
    await supervisor.stop();
  });

  it("whose environment cannot be had is unavailable, with the reason, and nothing is thrown", async () => {
    const { supervisor, sidecars, after } = supervised({
      prepare: () => Promise.reject(new Error("Python 3.9 is missing")),
    });
    await after(60_000);
    expect(supervisor.state).toEqual({ kind: "unavailable", reason: "Python 3.9 is missing" });
    expect(sidecars).toEqual([]);
    await supervisor.stop();
    expect(supervisor.state.kind).toBe("unavailable");
  });

  it("is not left behind by a listener that throws", async () => {
    const onListening = () => {
      throw new Error("a mistake of ours");
    };
    const { supervisor, sidecars, after } = supervised({ onListening });
    await after(0);
    expect(supervisor.state).toEqual({ kind: "unavailable", reason: "a mistake of ours" });
    expect(sidecars[0]?.stopped).toEqual([0]);
  });
});

describe("a sidecar that is watched", () => {
  it("is ended when it is frozen, and started again with that for a reason", async () => {
    let freeze: (reason: string) => void = () => undefined;
    let watched = 0;
    const { supervisor, sidecars, heard, states, after } = supervised({
      watch: (_, onFrozen) => {
        watched += 1;
        freeze = onFrozen;
        return { wasReady: true, stop: () => (watched -= 1) };
      },
    });
    await after(0);
    freeze("it did not answer for 10 s");
    await after(0);
    expect([heard, watched]).toEqual([
      [
        "listening http://127.0.0.1:1",
        "exit: it did not answer for 10 s, and was ended",
        "listening http://127.0.0.1:2",
      ],
      1,
    ]);
    expect(sidecars[0]?.stopped[0]).toBe(0);
    expect(states).toContainEqual({
      kind: "backing-off",
      reason: "it did not answer for 10 s, and was ended",
      delayMs: 0,
    });
    await supervisor.stop();
  });

  it("that ends nine times before it serves is started once a minute, which is said once", async () => {
    const errors: string[] = [];
    const { supervisor, sidecars, after } = supervised({
      watch: () => ({ wasReady: false, stop: () => undefined }),
      log: { ...log, error: (_, text) => errors.push(text) },
    });
    for (let i = 0; i < 9; i += 1) {
      await after(10_000);
      sidecars.at(-1)?.exit("boom");
      await after(0);
    }
    expect(supervisor.state).toEqual({ kind: "backing-off", reason: "boom, 9 times in a row", delayMs: 60_000 });
    await after(60_000);
    expect([supervisor.state.kind, sidecars.length]).toEqual(["running", 10]);
    sidecars.at(-1)?.exit("boom");
    await after(0);
    expect(errors).toEqual([expect.stringMatching(/^sidecar classification has ended 9 times in a row, and is now/)]);
    await supervisor.stop();
  });
});

describe("stop", () => {
  it("ends a running sidecar with the grace it is given, and starts no other", async () => {
    const { supervisor, sidecars, heard, after } = supervised();
    await after(0);
    await Promise.all([supervisor.stop({ graceMs: 1_234 }), supervisor.stop({ graceMs: 9 })]);
    await after(60_000);
    expect(supervisor.state).toEqual({ kind: "stopped" });
    expect(sidecars.map(({ stopped }) => stopped[0])).toEqual([1_234]);
    expect(heard).toEqual(["listening http://127.0.0.1:1"]);
  });

  it("cancels the making of an environment", async () => {
    const { supervisor, sidecars } = supervised({
      prepare: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            reject(new Error("cancelled"));
          });
        }),
    });
    await supervisor.stop();
    expect(supervisor.state).toEqual({ kind: "stopped" });
    expect(sidecars).toEqual([]);
  });

  it("cancels a wait", async () => {
    const { supervisor, after } = supervised({ start: () => Promise.reject(new Error("no")) });
    await after(5_000);
    expect(supervisor.state.kind).toBe("backing-off");
    await supervisor.stop();
    expect(supervisor.state).toEqual({ kind: "stopped" });
  });

  it("ends a sidecar that listens only after it", async () => {
    const { sidecars, start } = fakeSidecars();
    const { supervisor, heard, after } = supervised({
      start: async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return start();
      },
    });
    await after(100);
    const stopped = supervisor.stop({ graceMs: 77 });
    await after(500);
    await stopped;
    expect(sidecars[0]?.stopped[0]).toBe(77);
    expect(heard).toEqual([]);
  });
});
