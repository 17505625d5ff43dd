// Which failure of a sidecar is which problem of the answer.
import CircuitBreaker from "opossum";

import { retrySoon } from "../jittered";
import type { CallFailure } from "../observer";
import { Problem } from "../problems";
import { NoReply, type Reply } from "./post-bytes";
import { ReplyFault } from "./tensors";

/** The artifact raised for some row of the call. Not a fault of the sidecar: another call may well succeed. */
export class ArtifactFailed extends Error {}

/** Where it was the sidecar that failed, and not that it was left alone. */
export function failureIn(error: unknown): CallFailure | undefined {
  if (error instanceof ArtifactFailed) return "artifact";
  if (!(error instanceof Problem) || error.message.startsWith(LEFT_ALONE)) return undefined;
  if (error.problemName === "sidecar-fault") return "fault";
  return error.problemName === "deadline-exceeded" ? "timeout" : "gone";
}

/** The sidecar's own word that it did not compute: of these, only what is the sidecar's failure counts for the breaker. */
export function refusal(reply: Reply): Error {
  const { problem, error } = refusalBody(reply.data);
  if (reply.status === 500 && problem === "artifact-failed") return new ArtifactFailed(error);
  if (reply.status === 504 && problem === "expired") return sidecarTooLate();
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
  ...["ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"],
  ...["ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT"],
  ...["UND_ERR_DESTROYED", "UND_ERR_CLOSED"], // we let go of it: it is known to be gone
]);

/** It is we who have nothing left for a connection. */
const NONE_LEFT_HERE = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL"]);

/** Nobody there, or the breaker open: 503. Somebody there who does not answer as agreed: 502. Too late: 504. */
export function asFault(error: unknown): Error {
  if (CircuitBreaker.isOurError(error as Error)) return leftAlone();
  if (error instanceof ReplyFault) return sidecarFault(error.message);
  if (!(error instanceof NoReply)) return error as Error;
  if (error.code === "TIMEOUT") return sidecarTooLate();
  if (NOBODY_THERE.has(error.code)) {
    return unavailable("The sidecar is not there; it is being started again.");
  }
  if (NONE_LEFT_HERE.has(error.code)) return unavailable("No file or port is left to connect to the sidecar.");
  return sidecarFault(error.message);
}

export const unavailable = (detail: string): Problem =>
  new Problem("unavailable", {
    detail: `${detail} Try again in a second.`,
    headers: retrySoon(),
  });

const LEFT_ALONE = "The sidecar failed several times; it is being left alone.";
export const leftAlone = (): Problem => unavailable(LEFT_ALONE);

const sidecarFault = (message: string): Problem =>
  new Problem("sidecar-fault", { detail: `${message}. No prediction was made from it; the log says more.` });

const sidecarTooLate = (): Problem =>
  new Problem("deadline-exceeded", { detail: "The sidecar did not answer within the deadline. Try again." });
