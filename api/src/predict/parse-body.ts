import { Problem } from "../problems";
import { beyond, type JsonBounds } from "./json-size";
import { tooManyRows } from "../rows/too-many-rows";

/** Bytes to what they hold: a line per media type. */
const parsers: Readonly<Record<string, (body: Buffer, bounds: JsonBounds) => unknown>> = {
  "application/json": parseJson,
};

/** A body without a media type is taken as JSON.
 * @throws Problem unsupported-media-type, malformed, body-too-large */
export function parseBody(body: Buffer, contentType: string | undefined, bounds: JsonBounds): unknown {
  return parserOf(contentType)(body, bounds);
}

/** @throws Problem unsupported-media-type */
export function parserOf(contentType: string | undefined): (body: Buffer, bounds: JsonBounds) => unknown {
  const [mediaType = "", ...parameters] = (contentType ?? "application/json")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const parse = parsers[mediaType];
  if (!parse || !parameters.every(isUtf8)) throw unsupported(contentType ?? "");
  return parse;
}

const isUtf8 = (parameter: string): boolean =>
  !parameter.startsWith("charset=") || /^charset="?utf-?8"?$/.test(parameter);

function unsupported(contentType: string): Problem {
  const known = Object.keys(parsers).join(", ");
  const detail = `The body is sent as ${contentType.slice(0, 100)}; send ${known} in UTF-8. With curl: -H 'content-type: application/json'.`;
  return new Problem("unsupported-media-type", { detail, headers: { accept: known } });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parseJson(body: Buffer, bounds: JsonBounds): unknown {
  if (body.length === 0) throw malformed("The body is empty; send a JSON object or a list of them.");
  const excess = beyond(bounds, body);
  if (excess === "rows") throw tooManyRows("more", bounds.rows);
  if (excess === "containers")
    throw new Problem("body-too-large", { detail: "The body is nested beyond what rows are." });
  try {
    return JSON.parse(decode(body));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(`The body is not JSON: ${error.message.slice(0, 200)}.`);
    if (error instanceof RangeError) throw malformed("The body is nested too deeply.");
    throw error;
  }
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw malformed("The body is not UTF-8.");
  }
}

const malformed = (detail: string): Problem => new Problem("malformed", { detail });
