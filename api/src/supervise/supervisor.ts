import { backOff, type Run } from "./back-off";
import type { Heartbeat } from "./heartbeat";
import type { Log } from "./log";
import type { Sidecar } from "./sidecar-process";
import { sleep } from "./sleep";

export type SupervisorState =
  | { kind: "preparing" }
  | { kind: "starting" }
  | { kind: "running"; url: string; pid: number }
  | { kind: "backing-off"; reason: string; delayMs: number }
  | { kind: "stopped" }
  | { kind: "unavailable"; reason: string };

export interface SupervisorOptions<Prepared> {
  /** Names it in the log. */
  name: string;
  /** What must be there before a start. Done once; its failure is final, until the API is started again. */
  prepare: (signal: AbortSignal) => Promise<Prepared>;
  /** Resolves when it listens. Its failure is one more reason to try again later. */
  start: (prepared: Prepared, signal: AbortSignal) => Promise<Sidecar>;
  /** Watches it while it runs; one that is frozen is ended, and so started again. */
  watch?: (sidecar: Sidecar, onFrozen: (reason: string) => void) => Heartbeat;
  onListening?: (url: string) => void;
  /** It listened, and now is gone: nothing may be sent there any more. Not called for a stop. */
  onExit?: (reason: string) => void;
  onState?: (state: SupervisorState) => void;
  log: Log;
}

export interface Supervisor {
  readonly state: SupervisorState;
  /** Ends whatever is going on, the sidecar with graceMs to finish what it runs. Safe to call at any time, and twice. */
  stop: (options?: { graceMs?: number }) => Promise<void>;
}

/** What the functions below share: the options, and the way to say and to hear something. */
interface Supervision<Prepared> extends SupervisorOptions<Prepared> {
  become: (state: SupervisorState) => void;
  stopping: AbortSignal;
  graceMs: () => number;
}

/**
 * Keeps one sidecar running: preparing → starting → running → (backing-off → starting → running …), until it is
 * stopped. Never throws, never rejects: what goes wrong is in its state and in the log.
 */
export function supervise<Prepared>(options: SupervisorOptions<Prepared>): Supervisor {
  const stop = new AbortController();
  let state: SupervisorState = { kind: "preparing" };
  let graceMs = 6_000; // a sidecar ends within 5 s by itself

  const become = (next: SupervisorState) => {
    state = next;
    options.onState?.(next);
  };
  const ended = keepRunning({ ...options, become, stopping: stop.signal, graceMs: () => graceMs }).then(
    () => {
      become({ kind: "stopped" });
    },
    (error: unknown) => {
      become(stop.signal.aborted ? { kind: "stopped" } : unavailable(options, error));
    },
  );

  return {
    get state() {
      return state;
    },
    async stop(how) {
      graceMs = how?.graceMs ?? graceMs;
      stop.abort();
      await ended;
    },
  };
}

async function keepRunning<Prepared>(supervision: Supervision<Prepared>): Promise<void> {
  const { name, log, become, stopping } = supervision;
  become({ kind: "preparing" });
  const prepared = await supervision.prepare(stopping);
  const nextRestart = backOff();
  let wasSlow = false;
  while (!stopping.aborted) {
    become({ kind: "starting" });
    const { reason, ...run } = await runOnce(supervision, prepared);
    stopping.throwIfAborted();
    const { delayMs, inARow, isSlow } = nextRestart(run);
    log.warn({ sidecar: name, reason, delayMs }, `sidecar ${name} is gone; starting it again in ${delayMs} ms`);
    if (isSlow && !wasSlow) log.error({ sidecar: name, reason, ends: inARow }, tooManyEnds(name, inARow));
    wasSlow = isSlow;
    become({ kind: "backing-off", reason: isSlow ? `${reason}, ${inARow} times in a row` : reason, delayMs });
    await sleep(delayMs, stopping);
  }
}

const tooManyEnds = (name: string, inARow: number): string =>
  `sidecar ${name} has ended ${inARow} times in a row, and is now started once a minute. The lines above say why it ends: mend ` +
  "that, and it will serve from its next start on";

/** From its start until it is gone, however that comes about. */
async function runOnce<Prepared>(
  supervision: Supervision<Prepared>,
  prepared: Prepared,
): Promise<Run & { reason: string }> {
  const { start, stopping, graceMs, onExit, watch } = supervision;
  let sidecar: Sidecar;
  try {
    sidecar = await start(prepared, stopping);
  } catch (error) {
    return { reason: (error as Error).message, upMs: 0, wasReady: false };
  }
  const listened = performance.now();
  const stop = () => void sidecar.stop({ graceMs: graceMs() });
  stopping.addEventListener("abort", stop, { once: true });
  let frozen: string | undefined;
  const heartbeat = watch?.(sidecar, (reason) => {
    frozen = `${reason}, and was ended`;
    void sidecar.stop({ graceMs: 0 });
  });
  try {
    if (stopping.aborted) stop();
    else announce(supervision, sidecar);
    const how = await sidecar.exited;
    const reason = frozen ?? how;
    if (!stopping.aborted) onExit?.(reason);
    return { reason, upMs: performance.now() - listened, wasReady: heartbeat?.wasReady ?? false };
  } finally {
    heartbeat?.stop();
    stopping.removeEventListener("abort", stop);
    await sidecar.stop({ graceMs: 0 }); // no orphan, even where a callback throws
  }
}

function announce<Prepared>({ name, log, become, onListening }: Supervision<Prepared>, { url, pid }: Sidecar): void {
  log.info({ sidecar: name, url, pid }, `sidecar ${name} listens`);
  become({ kind: "running", url, pid });
  onListening?.(url);
}

function unavailable<Prepared>({ name, log }: SupervisorOptions<Prepared>, error: unknown): SupervisorState {
  const reason = (error as Error).message;
  log.error({ sidecar: name, reason }, `sidecar ${name} is unavailable: ${reason}`);
  return { kind: "unavailable", reason };
}
