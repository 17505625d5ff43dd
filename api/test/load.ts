import { Agent } from "node:http";

import { ask, NoAnswer } from "../src/check/ask";
import { pause } from "./start-picklepod";

/** A call whose right answer is known. */
export interface Known {
  readonly body: string;
  readonly right: string;
}

/** What became of the calls of a load: each is in exactly one of these. */
export interface Outcomes {
  right: number;
  /** 200 with anything but the right answer. */
  wrong: number;
  /** By status: 503 and 504 are honest, anything else is not. */
  readonly refused: Record<number, number>;
  /** No answer, on a connection that had been taken before: the call was accepted, and lost. */
  readonly lost: string[];
  /** No connection could be had for the call. */
  notAccepted: number;
  slowestMs: number;
  withoutRetryAfter: number;
}

export interface Load {
  /** Sends no more, and waits for what is on its way. */
  readonly stop: () => Promise<Outcomes>;
  readonly outcomes: Outcomes;
}

/** Calls at a steady rate, whatever becomes of the ones before: a sender that waits would hide a collapse. */
export function startLoad(url: string, calls: readonly Known[], perSecond: number): Load {
  const agent = new Agent({ keepAlive: true });
  const outcomes: Outcomes = {
    right: 0,
    wrong: 0,
    refused: {},
    lost: [],
    notAccepted: 0,
    slowestMs: 0,
    withoutRetryAfter: 0,
  };
  const underWay = new Set<Promise<void>>();
  const began = performance.now();
  let sent = 0;
  let going = true;

  const send = async ({ body, right }: Known): Promise<void> => {
    try {
      const answer = await ask(url, { body, agent });
      outcomes.slowestMs = Math.max(outcomes.slowestMs, answer.ms);
      if (answer.status === 200) outcomes[answer.text === right ? "right" : "wrong"] += 1;
      else outcomes.refused[answer.status] = (outcomes.refused[answer.status] ?? 0) + 1;
      if (answer.status === 503 && answer.headers["retry-after"] === undefined) outcomes.withoutRetryAfter += 1;
    } catch (error) {
      if (error instanceof NoAnswer && !error.wasAccepted) outcomes.notAccepted += 1;
      else outcomes.lost.push((error as Error).message);
    }
  };
  const run = async (): Promise<void> => {
    while (going) {
      while (sent < ((performance.now() - began) / 1000) * perSecond) {
        const call = calls[sent++ % calls.length];
        if (!call) throw new RangeError("a load needs calls");
        const sending = send(call).finally(() => underWay.delete(sending));
        underWay.add(sending);
      }
      await pause(5);
    }
  };
  const running = run();
  return {
    outcomes,
    stop: async () => {
      going = false;
      await running;
      await Promise.all(underWay);
      agent.destroy();
      return outcomes;
    },
  };
}

/** Rows of one each, with the answers they have while nothing is wrong. */
export async function knownCalls(url: string, rows: readonly string[]): Promise<Known[]> {
  const known: Known[] = [];
  for (const body of rows) {
    const { status, text } = await ask(url, { body });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    known.push({ body, right: text });
  }
  return known;
}
