import { randomUUID } from "node:crypto";

import CircuitBreaker from "opossum";

import type { Pinned } from "../bundle/description";
import type { BreakerState, CallFailure } from "../observer";
import type { Columns } from "../rows/columns";
import { Poster, type Reply } from "./post-bytes";
import type { Predictions } from "./predictions";
import { mostReplyBytes } from "./reply-size";
import { asFault, failureIn, refusal } from "./sidecar-failure";
import { decodeReply, encodeInfer, HEADER_LENGTH } from "./tensors";

/** One sidecar, for one bundle. */
export interface SidecarClient {
  /**
   * The bundle's outputs for these rows, the reply verified in every part. It settles when the sidecar is done with them, or has had
   * a fair time: a caller in a hurry has been told before that, by its own deadline, and the sidecar is busy all the same.
   * @throws ArtifactFailed, or a Problem: unavailable, sidecar-fault, deadline-exceeded
   */
  readonly infer: (columns: Columns, timeoutMs: number) => Promise<Predictions>;
  /** It has failed several times, and the breaker lets nothing through for now: not even a probe, or one is on its way. */
  readonly isLeftAlone: () => boolean;
  /** The sidecar has been seen well again: calls need not wait for the breaker's next probe. */
  readonly recovered: () => void;
  readonly close: () => void;
}

/**
 * What a sidecar is given before its silence counts as a failure, however short the caller's own deadline is: a caller in
 * a hurry must not shut the model for all others.
 */
const FAIR_TRIAL_MS = 1_000;

export interface ClientOptions {
  /** What the sidecar knows us by. */
  readonly token?: string | undefined;
  /** The longest that any caller waits for one call: a call is not lost before, however short its own time is. */
  readonly longestCallMs?: number | undefined;
  readonly onBreaker?: (state: BreakerState) => void;
  readonly onFailure?: (failure: CallFailure) => void;
}

/** Where calls go, and what all of them carry. */
interface To {
  readonly poster: Poster;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly longestMs: number | undefined;
}

type Outcome = { kind: "predictions"; predictions: Predictions } | { kind: "refusal"; error: Error };

export function createSidecarClient(
  url: string,
  description: Pinned,
  { token, longestCallMs, onBreaker, onFailure }: ClientOptions = {},
  fairTrialMs = FAIR_TRIAL_MS,
): SidecarClient {
  const { origin, pathname } = new URL(url);
  const path = `${pathname.replace(/\/$/, "")}/v2/models/${description.name}/infer`;
  const to = { poster: new Poster(origin), path, headers: headersOf(token), longestMs: longestCallMs };
  const breaker = new CircuitBreaker(
    (columns: Columns, timeoutMs: number) => call(to, description, columns, timeoutMs, fairTrialMs),
    {
      timeout: false, // opossum's rejects but leaves the work running: each call has a timer of its own
      volumeThreshold: 5,
      errorThresholdPercentage: 50,
      resetTimeout: 500,
    },
  );
  if (onBreaker) tellOf(breaker, onBreaker);
  return {
    infer: async (columns, timeoutMs) => {
      try {
        const outcome = await breaker.fire(columns, timeoutMs).catch((error: unknown) => {
          throw asFault(error);
        });
        if (outcome.kind === "refusal") throw outcome.error;
        return outcome.predictions;
      } catch (error) {
        const failure = failureIn(error);
        if (failure !== undefined) onFailure?.(failure);
        throw error;
      }
    },
    isLeftAlone: () => breaker.opened || (breaker.halfOpen && !breaker.pendingClose),
    recovered: () => {
      breaker.close();
    },
    close: () => {
      breaker.close(); // or it would be told to be open for ever
      breaker.shutdown();
      to.poster.close();
    },
  };
}

function tellOf(breaker: CircuitBreaker, onBreaker: (state: BreakerState) => void): void {
  breaker.on("open", () => {
    onBreaker("open");
  });
  breaker.on("halfOpen", () => {
    onBreaker("half-open");
  });
  breaker.on("close", () => {
    onBreaker("closed");
  });
}

const headersOf = (token: string | undefined): Record<string, string> => ({
  "content-type": "application/octet-stream",
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
});

async function call(
  { poster, path, headers: constant, longestMs }: To,
  description: Pinned,
  columns: Columns,
  timeoutMs: number,
  fairTrialMs: number,
): Promise<Outcome> {
  const id = randomUUID();
  const told = { id, digest: description.digest, timeoutMs, longestMs };
  const { body, headerLength } = encodeInfer(columns, description, told);
  const headers = { ...constant, [HEADER_LENGTH]: String(headerLength) };
  const mostBytes = mostReplyBytes(description, columns.rows);
  // Once: where the connection closes, what was sent may be what ended the sidecar.
  const reply = await poster.post({ path, headers, body, mostBytes, timeoutMs: Math.max(timeoutMs, fairTrialMs) });
  if (reply.status !== 200) return { kind: "refusal", error: refusal(reply) };
  const length = Number(reply.headers[HEADER_LENGTH]);
  const predictions = decodeReply(reply.data, length, { id, rows: columns.rows, description });
  return { kind: "predictions", predictions: { ...predictions, busyMs: busyMsOf(reply) } };
}

/** By its Server-Timing; NaN where that says nothing. */
const busyMsOf = ({ headers }: Reply): number => Number(/;dur=(\d+\.\d+)$/.exec(String(headers["server-timing"]))?.[1]);
