import type { RowsMedia } from "../row-chunk";
import { csv } from "./csv";
import type { CreateDecoder } from "./decoder";
import { jsonLines } from "./json-lines";
import { jsonList } from "./json-list";

/** How each media type's rows are read. */
export const decoders: Readonly<Record<RowsMedia, () => Promise<CreateDecoder>>> = {
  "application/json": () => Promise.resolve(jsonList),
  "application/x-ndjson": () => Promise.resolve(jsonLines),
  "text/csv": () => Promise.resolve(csv),
  // 124 ms and 12 MB, which only those pay who send it
  "application/vnd.apache.arrow.stream": async () => (await import("./arrow.js")).arrow,
};
