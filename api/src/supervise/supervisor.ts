import { backOff } from "./back-off";
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
  const nextDelay = backOff();
  while (!stopping.aborted) {
    become({ kind: "starting" });
    const { reason, upMs } = await runOnce(supervision, prepared);
    stopping.throwIfAborted();
    const delayMs = nextDelay(upMs);
    log.warn({ sidecar: name, reason, delayMs }, `sidecar ${name} is gone; starting it again in ${delayMs} ms`);
    become({ kind: "backing-off", reason, delayMs });
    await sleep(delayMs, stopping);
  }
}

/** From its start until it is gone, however that comes about. */
async function runOnce<Prepared>(
  supervision: Supervision<Prepared>,
  prepared: Prepared,
): Promise<{ reason: string; upMs: number }> {
  const { start, stopping, graceMs, onExit } = supervision;
  let sidecar: Sidecar;
  try {
    sidecar = await start(prepared, stopping);
  } catch (error) {
    return { reason: (error as Error).message, upMs: 0 };
  }
  const listened = performance.now();
  const stop = () => void sidecar.stop({ graceMs: graceMs() });
  stopping.addEventListener("abort", stop, { once: true });
  try {
    if (stopping.aborted) stop();
    else announce(supervision, sidecar);
    const reason = await sidecar.exited;
    if (!stopping.aborted) onExit?.(reason);
    return { reason, upMs: performance.now() - listened };
  } finally {
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
