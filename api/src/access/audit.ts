import type { IncomingMessage, ServerResponse } from "node:http";

import { clientGone } from "../problems";
import type { Caller } from "./limits/rate-limits";
import type { Log } from "./log";

/** A line for whatever somebody does to the server or tries to, when it is over: who, what, and what came of it. */
export function tellAction(log: Log, request: IncomingMessage, response: ServerResponse, caller: Caller): void {
  const { method = "", url = "" } = request;
  response.once("close", () => {
    const who = caller.key ?? "nobody";
    const action = `${method} ${url.split("?")[0]?.slice(0, 200) ?? ""}`;
    // who left has heard nothing; whether the action goes on, its own lines tell
    const outcome = response.headersSent ? response.statusCode : clientGone().status;
    const requestId = response.getHeader("x-request-id");
    // at this level, so that a log of warnings alone has them
    log.warn(
      { audit: true, who, address: caller.address, action, outcome, requestId },
      `${action} by ${who}: ${outcome}`,
    );
  });
}
