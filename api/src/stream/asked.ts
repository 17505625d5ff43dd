import type { IncomingMessage } from "node:http";

import { mediaTypeSent } from "../predict/media-type";
import { Problem } from "../problems";
import type { RowsMedia } from "../rows/row-chunk";
import { mediaOf, preferredRows, rowsMedia } from "./media";

/** What becomes of a row that the model does not take: the call fails, nulls stand in its place, or it is left out. */
export type OnError = "fail" | "null" | "skip";

/** How the rows are sent; undefined where only their first bytes tell.
 * @throws Problem unsupported-media-type */
export function sentAs({ method, headers }: IncomingMessage): RowsMedia | undefined {
  const type = headers["content-type"];
  if (type === undefined) return method === "PUT" ? undefined : "application/json";
  const media = mediaOf(mediaTypeSent(type) ?? "");
  if (media !== undefined) return media;
  const detail = `The rows are sent as ${type.slice(0, 100)}; send one of ${rowsMedia.join(", ")}, in UTF-8. With curl: -H 'content-type: text/csv'.`;
  throw new Problem("unsupported-media-type", { detail, headers: { accept: rowsMedia.join(", ") } });
}

/** How the answer is to be written: as the rows were sent, where the client leaves that open.
 * @throws Problem not-acceptable */
export function answeredAs(request: IncomingMessage, sent: RowsMedia): RowsMedia {
  const { accept } = request.headers;
  const media = preferredRows(accept, sent);
  if (media !== undefined) return media;
  const detail = `Answers are ${rowsMedia.join(", ")}; you accept ${accept?.slice(0, 100)}.`;
  throw new Problem("not-acceptable", { detail });
}

/** @throws Problem malformed */
export function onErrorOf({ url = "" }: IncomingMessage): OnError {
  const asked = new URLSearchParams(url.slice(url.includes("?") ? url.indexOf("?") : url.length)).getAll("on_error");
  const [onError = "fail"] = asked;
  if (asked.length <= 1 && (onError === "fail" || onError === "null" || onError === "skip")) return onError;
  throw new Problem("malformed", {
    detail: `on_error is ${asked.join(" and ").slice(0, 100)}; it is one of fail, null, skip: the call ends at a row that the model does not take, gives nulls for it, or leaves it out.`,
  });
}
