import { get } from "node:http";

import { cpuTicks } from "./cpu-time";
import { parseObject } from "./forward-log";
import { type Answer, Pulse } from "./pulse";

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
/** Characters of an answer. */
const MOST_READ = 1_000;

/** Asks it again and again whether it is ready, until nothing more will come of it: pulse.ts says when. */
export function watchHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { url, pid, onFrozen, longestCallMs, askEveryMs = ASK_EVERY_MS, frozenAfterAsks = FROZEN_AFTER_ASKS } = options;
  const ticks = (): number | undefined => (options.cpuTicksOf ?? cpuTicks)(pid);
  const pulse = new Pulse({ longestCallMs, askEveryMs, frozenAfterAsks, ticks });
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const ask = async (): Promise<void> => {
    const asked = performance.now();
    const answer = await ready(url, askEveryMs);
    if (stopped) return;
    const reason = answer ? pulse.heard(answer) : pulse.missed();
    if (reason !== undefined) {
      onFrozen(reason);
      return;
    }
    const pauseMs = pulse.wasReady ? Math.max(0, asked + askEveryMs - performance.now()) : Math.min(askEveryMs, 200);
    timer = setTimeout(() => void ask(), pauseMs);
  };
  void ask();
  return {
    get wasReady() {
      return pulse.wasReady;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** On a connection of its own, so that none is found closed. Its head is an answer; what came of the rest may say more. */
function ready(url: string, withinMs: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let text = "";
    const request = get(`${url}/v2/health/ready`, { agent: false }, (response) => {
      status = response.statusCode;
      response.setEncoding("utf8").on("data", (piece: string) => {
        if (text.length < MOST_READ) text += piece;
      });
    });
    const late = setTimeout(() => {
      request.destroy();
    }, withinMs);
    request.on("error", () => undefined); // "close" follows
    request.on("close", () => {
      clearTimeout(late);
      resolve(status === undefined ? undefined : { status, stuck: stuckIn(text) });
    });
  });
}

function stuckIn(text: string): string | undefined {
  const stuck = parseObject(text)?.["stuck"];
  return typeof stuck === "string" ? stuck.slice(0, MOST_READ) : undefined;
}
