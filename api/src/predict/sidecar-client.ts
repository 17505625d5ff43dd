import { randomUUID } from "node:crypto";

import CircuitBreaker from "opossum";

import type { Pinned } from "../bundle/description";
import { jittered } from "../jittered";
import type { BreakerState, CallFailure } from "../observer";
import { Problem } from "../problems";
import type { Columns } from "../rows/columns";
import { NoReply, Poster, type Reply } from "./post-bytes";
import type { Predictions } from "./predictions";
import { mostReplyBytes } from "./reply-size";
import { decodeReply, encodeInfer, HEADER_LENGTH, ReplyFault } from "./tensors";

/** The artifact raised for some row of the call. Not a fault of the sidecar: another call may well succeed. */
export class ArtifactFailed extends Error {}

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

/** Where it was the sidecar that failed, and not that it was left alone. */
function failureIn(error: unknown): CallFailure | undefined {
  if (error instanceof ArtifactFailed) return "artifact";
  if (!(error instanceof Problem) || error.message.startsWith(LEFT_ALONE)) return undefined;
  if (error.problemName === "sidecar-fault") return "fault";
  return error.problemName === "deadline-exceeded" ? "timeout" : "gone";
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

/** The sidecar's own word that it did not compute: of these, only what is the sidecar's failure counts for the breaker. */
function refusal(reply: Reply): Error {
  const { problem, error } = refusalBody(reply.data);
  if (reply.status === 500 && problem === "artifact-failed") return new ArtifactFailed(error);
  if (reply.status === 504 && problem === "expired") return deadlineExceeded();
  if (reply.status === 503) return unavailable(`The sidecar is not ready: ${error}`);
  throw new ReplyFault(`the sidecar answered ${reply.status}: ${error}`);
}

function refusalBody(data: Buffer): { problem: string; error: string } {
  try {
    const body = JSON.parse(data.toString("utf8", 0, 10_000)) as { problem?: unknown; error?: unknown } | null;
    return { problem: String(body?.problem), error: String(body?.error).slice(0, 1_000) };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: "", error: "something that is not JSON" };
    throw error;
  }
}

const NOBODY_THERE = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ECONNABORTED"],
  ...["ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT"],
  ...["UND_ERR_DESTROYED", "UND_ERR_CLOSED"], // we let go of it: it is known to be gone
]);

/** Nobody there, or the breaker open: 503. Somebody there who does not answer as agreed: 502. Too late: 504. */
function asFault(error: unknown): Error {
  if (CircuitBreaker.isOurError(error as Error)) return leftAlone();
  if (error instanceof ReplyFault) return sidecarFault(error.message);
  if (!(error instanceof NoReply)) return error as Error;
  if (error.code === "TIMEOUT") return deadlineExceeded();
  if (NOBODY_THERE.has(error.code)) {
    return unavailable("The sidecar is not there; it is being started again.");
  }
  return sidecarFault(error.message);
}

export const unavailable = (detail: string): Problem =>
  new Problem("unavailable", {
    detail: `${detail} Try again in a second.`,
    headers: { "retry-after": String(jittered(1)) }, // not all at once
  });

const LEFT_ALONE = "The sidecar failed several times; it is being left alone.";
export const leftAlone = (): Problem => unavailable(LEFT_ALONE);

const sidecarFault = (message: string): Problem =>
  new Problem("sidecar-fault", { detail: `${message}. No prediction was made from it; the log says more.` });

const deadlineExceeded = (): Problem =>
  new Problem("deadline-exceeded", { detail: "The sidecar did not answer within the deadline. Try again." });
