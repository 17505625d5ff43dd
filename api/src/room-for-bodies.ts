import type { ServerResponse } from "node:http";

import type { CallsUnderWay } from "./calls-under-way";
import { crowdOut } from "./crowd-out";
import { retrySoon } from "./jittered";
import { Problem } from "./problems";
import { endUnread } from "./write-unread";

/**
 * Looks at the bodies that are not complete. Where together they are more than there is room for, those that come
 * slowest are ended: whoever sends most of a body and then waits would else hold what everybody needs. One by itself is
 * read, whatever it is.
 */
export function sweepCrowd(calls: CallsUnderWay, most: number): (responses: readonly ServerResponse[]) => void {
  let before = new WeakMap<ServerResponse, number>();
  return (responses) => {
    const coming = responses.map((response) => {
      const bytes = calls.received(response);
      return { response, bytes, more: bytes - (before.get(response) ?? 0) };
    });
    before = new WeakMap(coming.map(({ response, bytes }) => [response, bytes]));
    const slowestFirst = coming.sort((a, b) => a.more - b.more);
    for (const { response } of crowdOut(slowestFirst, most)) endUnread(response, tooMuch());
  };
}

const tooMuch = (): Problem =>
  new Problem("overloaded", {
    detail:
      "More bodies are on their way than there is memory for, and this one comes slowest. Try again later, or send fewer rows in a call.",
    headers: { connection: "close", ...retrySoon() },
  });
