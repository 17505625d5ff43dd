import type { IncomingMessage, ServerResponse } from "node:http";

import { clientGone } from "../problems";
import type { Caller } from "./limits/rate-limits";
import type { Log } from "./log";

/** What was done to the server, or tried. */
interface Told extends Readonly<Record<string, unknown>> {
  /** A key's id, `nobody`, or what acted in its place: a signal, a file that changed, a call that has a line of its own. */
  readonly who: string;
  readonly action: string;
  /** What came of it: a status, or a word. */
  readonly outcome: number | string;
}

/** Every line of the audit, at the level of warnings or above, so that a log of them alone has it. */
export function tellAudit(log: Log, told: Told, text: string, level: "warn" | "error" = "warn"): void {
  log[level]({ audit: true, ...told }, text);
}

/** No line of the audit: nothing is done by it. */
export const isLooking = ({ method }: IncomingMessage): boolean => method === "GET" || method === "HEAD";

/** A line for whatever somebody does to the server or tries to, when it is over: who, what, and what came of it. */
export function tellAction(log: Log, request: IncomingMessage, response: ServerResponse, caller: Caller): void {
  const { method = "", url = "" } = request;
  response.once("close", () => {
    const who = caller.key ?? "nobody";
    const action = `${method} ${url.split("?")[0]?.slice(0, 200) ?? ""}`;
    // who left has heard nothing; whether the action goes on, its own lines tell
    const outcome = response.headersSent ? response.statusCode : clientGone().status;
    const requestId = response.getHeader("x-request-id");
    tellAudit(log, { who, address: caller.address, action, outcome, requestId }, `${action} by ${who}: ${outcome}`);
  });
}

const RELOAD = "reload";

/** What became of a bundle that was read again, by digests: of what answered, and of what answers now. */
export interface Swap {
  readonly who: string;
  readonly model: string;
  readonly outcome: "live" | "removed" | "refused";
  readonly before: string | null;
  readonly digest: string | null;
  readonly reason?: string;
}

export function tellSwap(log: Log, swap: Swap, text: string): void {
  tellAudit(log, { action: RELOAD, ...swap }, text, swap.outcome === "refused" ? "error" : "warn");
}

/** Nothing could be read again, and nothing has changed. */
export function tellFailedReload(log: Log, who: string, err: unknown): void {
  const text = "the bundles could not be read again; those that serve stay";
  tellAudit(log, { action: RELOAD, who, outcome: "failed", err }, text, "error");
}
