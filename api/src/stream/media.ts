import type { IncomingMessage } from "node:http";

import { preferredMedia } from "../predict/media-type";
import type { RowsMedia } from "../rows/row-chunk";

export const JSON_LIST = "application/json";
export const NDJSON = "application/x-ndjson";
export const CSV = "text/csv";
export const ARROW = "application/vnd.apache.arrow.stream";

export const rowsMedia: readonly RowsMedia[] = [JSON_LIST, NDJSON, CSV, ARROW];

/** Other names that are in use for the same. */
const otherNames: Readonly<Record<string, RowsMedia>> = {
  "application/ndjson": NDJSON,
  "application/jsonl": NDJSON,
  "application/x-jsonlines": NDJSON,
  "application/csv": CSV,
};

/** The media that a name stands for, whatever its parameters; undefined where it is none that rows are written in. */
export function mediaOf(name: string): RowsMedia | undefined {
  const bare = (name.split(";", 1)[0] ?? "").trim().toLowerCase();
  return rowsMedia.find((media) => media === bare) ?? otherNames[bare];
}

/** How a client likes rows best, by whichever name; as they were sent, where it leaves that open. */
export function preferredRows(accept: string | undefined, sent: RowsMedia): RowsMedia | undefined {
  const others = rowsMedia.filter((media) => media !== sent);
  return preferredMedia(accept, [sent, ...others], (name) => mediaOf(name) ?? name);
}

const STREAMED = /ndjson|jsonl|csv|arrow/i;

/** Whether a prediction is asked for, or its rows are sent, in a form that is read and written piece by piece. */
export function isStreamed({ method, url, headers }: IncomingMessage): boolean {
  const { "content-type": type, accept } = headers;
  if (type !== undefined && type !== JSON_LIST && STREAMED.test(type)) return true;
  if (accept !== undefined && STREAMED.test(accept) && preferredRows(accept, JSON_LIST) !== JSON_LIST) return true;
  return method === "PUT" || /[?&]on_error=/.test(url ?? "");
}
