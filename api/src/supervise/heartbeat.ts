import { get } from "node:http";

import { cpuTicks } from "./cpu-time";

/** Watches a sidecar that listens: whether it came to serve, and whether it still answers. */
export interface Heartbeat {
  readonly wasReady: boolean;
  readonly stop: () => void;
}

export interface HeartbeatOptions {
  readonly url: string;
  readonly pid: number;
  /** Told once, with a clause that says why: nothing more will come of it. */
  readonly onFrozen: (reason: string) => void;
  /** The longest that any caller waits for one call. */
  readonly longestCallMs: number;
  readonly askEveryMs?: number;
  readonly frozenAfterAsks?: number;
  readonly cpuTicksOf?: (pid: number) => number | undefined;
}

const ASK_EVERY_MS = 1_000;
const FROZEN_AFTER_ASKS = 10;
/** What a process that does nothing may compute between two asks. */
const IDLE_TICKS = 2;

/**
 * A sidecar that has served and answers nothing any more is frozen. Not one that loads, which may take as long as it likes; and
 * one that computes, holding Python's lock, is given the time of the longest call and once more what a frozen one is given.
 * What counts is how often it was asked in vain, not a time: where we were stopped ourselves, it was not asked.
 */
export function watchHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { url, pid, onFrozen, longestCallMs } = options;
  const { askEveryMs = ASK_EVERY_MS, frozenAfterAsks = FROZEN_AFTER_ASKS, cpuTicksOf = cpuTicks } = options;
  const busyAsks = frozenAfterAsks + Math.ceil(longestCallMs / askEveryMs);
  let [wasReady, stopped, inVain, idleAsks, ticks] = [false, false, 0, 0, cpuTicksOf(pid)];
  let timer: NodeJS.Timeout | undefined;

  /** After an ask in vain: whether nothing more will come of it, which is told then. */
  const isFrozen = (): boolean => {
    const before = ticks;
    ticks = cpuTicksOf(pid);
    const isIdle = ticks !== undefined && before !== undefined && ticks - before <= IDLE_TICKS;
    idleAsks = isIdle ? idleAsks + 1 : 0;
    inVain += 1;
    const computes = idleAsks < frozenAfterAsks;
    if (!wasReady || (computes && inVain < busyAsks)) return false;
    const seconds = Math.round((inVain * askEveryMs) / 1000);
    onFrozen(
      `it did not answer for ${seconds} s${computes ? ", longer than any call may take" : ", and did not compute"}`,
    );
    return true;
  };
  const ask = async (): Promise<void> => {
    const asked = performance.now();
    const status = await statusOf(`${url}/v2/health/ready`, askEveryMs);
    if (stopped) return;
    if (status === undefined) {
      if (isFrozen()) return;
    } else {
      wasReady ||= status === 200;
      [inVain, idleAsks] = [0, 0];
    }
    const pauseMs = wasReady ? Math.max(0, asked + askEveryMs - performance.now()) : Math.min(askEveryMs, 200);
    timer = setTimeout(() => void ask(), pauseMs);
  };
  void ask();
  return {
    get wasReady() {
      return wasReady;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** On a connection of its own, so that none is found closed. */
function statusOf(url: string, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      resolve(response.statusCode);
      response.resume();
    });
    const late = setTimeout(() => {
      request.destroy();
    }, withinMs);
    request.on("error", () => undefined); // "close" follows
    request.on("close", () => {
      clearTimeout(late);
      resolve(undefined); // where there was no answer
    });
  });
}
