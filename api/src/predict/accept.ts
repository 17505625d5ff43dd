import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";
import { ownErrorOf, type PredictRoute } from "./model";

const JSON_RANGE = /^(\*\/\*|application\/(\*|json|problem\+json))$/i;

/** No Accept, or an empty one, accepts anything; what has q=0 is not accepted (RFC 9110, section 12.4.2).
 * @throws Problem not-acceptable */
export function acceptsJson({ headers: { accept } }: IncomingMessage): void {
  if (!accept?.trim() || acceptedRanges(accept).some((range) => JSON_RANGE.test(range))) return;
  throw new Problem("not-acceptable", { detail: `Answers are application/json; you accept ${accept.slice(0, 100)}.` });
}

function acceptedRanges(accept: string): string[] {
  const ranges = accept.split(",").map((range) => range.split(";").map((part) => part.trim()));
  return ranges
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/i.test(parameter)))
    .map(([range = ""]) => range);
}

/** The contract's own error gives way to a caller who asks for problems. */
export function ownErrorFor(
  route: PredictRoute,
  problem: Problem,
  { headers }: IncomingMessage,
): ReturnType<typeof ownErrorOf> {
  const asksForProblems = acceptedRanges(headers.accept ?? "").includes("application/problem+json");
  return asksForProblems ? undefined : ownErrorOf(route, problem);
}
