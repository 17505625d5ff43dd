import { crowdOut } from "../crowd-out";
import { retrySoon } from "../jittered";
import { Problem } from "../problems";
import type { BodyReader } from "./body-reader";

/**
 * What the bodies of a thread keep of rows that have not ended is together no more than there is room for: where it is, those
 * of which nothing has come for longest are to end. One by itself is read, however long its rows are.
 */
export function unfinishedToEnd(
  readers: Iterable<[number, Pick<BodyReader, "unfinished" | "addedAt">]>,
  most: number,
): number[] {
  const holding = [...readers].map(([body, { unfinished, addedAt }]) => ({ body, bytes: unfinished, addedAt }));
  const silentFirst = holding.filter(({ bytes }) => bytes > 0).sort((a, b) => a.addedAt - b.addedAt);
  return crowdOut(silentFirst, most).map(({ body }) => body);
}

export const crowdedOut = (): Problem =>
  new Problem("overloaded", {
    detail:
      "Rows that have not ended are more than there is memory for, and nothing came of this body for longest. Send it again later, in shorter rows or smaller batches.",
    headers: { connection: "close", ...retrySoon() },
  });
