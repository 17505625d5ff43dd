import { type Fault, Problem } from "../problems";
import { repeatedKeys } from "../rows/repeated-keys";
import { tooManyRows } from "../rows/too-many-rows";
import { utf8Text } from "../rows/utf8-text";
import { beyond, type JsonBounds } from "./json-size";
import { mediaTypeSent } from "./media-type";

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
  const mediaType = contentType === undefined ? "application/json" : mediaTypeSent(contentType);
  const parse = mediaType === undefined || !Object.hasOwn(parsers, mediaType) ? undefined : parsers[mediaType];
  if (!parse) throw unsupported(contentType ?? "");
  return parse;
}

function unsupported(contentType: string): Problem {
  const known = Object.keys(parsers).join(", ");
  const detail = `The body is sent as ${contentType.slice(0, 100)}; send ${known} in UTF-8. With curl: -H 'content-type: application/json'.`;
  return new Problem("unsupported-media-type", { detail, headers: { accept: known } });
}

function parseJson(body: Buffer, bounds: JsonBounds): unknown {
  if (body.length === 0) throw malformed("The body is empty; send a JSON object or a list of them.");
  const excess = beyond(bounds, body);
  if (excess === "rows") throw tooManyRows("more", bounds.rows);
  if (excess === "containers")
    throw new Problem("body-too-large", { detail: "The body is nested beyond what rows are." });
  const text = decode(body);
  const value = parseText(text);
  const faults = repeatedKeys(text, value);
  if (faults.length > 0) throw malformed("The body gives a key more than once: errors says where.", faults);
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(`The body is not JSON: ${error.message.slice(0, 200)}.`);
    if (error instanceof RangeError) throw malformed("The body is nested too deeply.");
    throw error;
  }
}

const BYTE_ORDER_MARK = 0xfeff;

function decode(body: Buffer): string {
  const text = utf8Text(body);
  if (text === undefined) throw malformed("The body is not UTF-8.");
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

const malformed = (detail: string, faults: readonly Fault[] = []): Problem =>
  new Problem("malformed", { detail, faults });
