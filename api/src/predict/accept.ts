import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";
import { acceptsByName, preferredMedia } from "./media-type";
import { ownErrorOf, type PredictRoute } from "./model";

const PROBLEM = "application/problem+json";

/** Clients send the same few again and again, and to read one costs more than to parse a row. */
const MOST_KEPT = 64;
const verdicts = new Map<string, boolean>();

/** No Accept, or an empty one, accepts anything. A client that names problems alone is one of ours too.
 * @throws Problem not-acceptable */
export function acceptsJson({ headers: { accept } }: IncomingMessage): void {
  if (accept === undefined || (verdicts.get(accept) ?? judge(accept))) return;
  throw new Problem("not-acceptable", {
    detail: `Answers are application/json; you accept ${accept.slice(0, 100)}. With curl: -H 'accept: application/json'.`,
  });
}

function judge(accept: string): boolean {
  const isAccepted = preferredMedia(accept, ["application/json", PROBLEM]) !== undefined;
  if (verdicts.size >= MOST_KEPT) verdicts.clear();
  verdicts.set(accept, isAccepted);
  return isAccepted;
}

/** The contract's own error gives way to a caller who asks for problems. */
export function ownErrorFor(
  route: PredictRoute,
  problem: Problem,
  { headers: { accept } }: IncomingMessage,
): ReturnType<typeof ownErrorOf> {
  return accept !== undefined && acceptsByName(accept, PROBLEM) ? undefined : ownErrorOf(route, problem);
}
