import { setImmediate as nextTurn } from "node:timers/promises";

import { type Fault, Problem } from "../problems";
import { repeatedKeys } from "../rows/repeated-keys";
import { tooManyRows } from "../rows/too-many-rows";
import { utf8Text } from "../rows/utf8-text";
import { tooManyValues } from "./body-limit";
import { beyond, type JsonBounds } from "./json-size";
import { mediaTypeSent } from "./media-type";

/** What a body says, and what that holds. */
interface Parsed {
  readonly text: string;
  readonly value: unknown;
}

type Parse = (body: Buffer, bounds: JsonBounds) => Parsed;

/** Bytes to what they hold: a line per media type. */
const parsers: Readonly<Record<string, Parse>> = {
  "application/json": parseJson,
};

/** A body without a media type is taken as JSON.
 * @throws Problem unsupported-media-type, malformed, body-too-large */
export function parseBody(body: Buffer, contentType: string | undefined, bounds: JsonBounds): unknown {
  const parsed = parserOf(contentType)(body, bounds);
  refuseRepeatedKeys(parsed);
  return parsed.value;
}

/** The same of a body that may take long: others have their turn before its keys are compared, and before its rows are validated. */
export async function parseInTurns(...[body, contentType, bounds]: Parameters<typeof parseBody>): Promise<unknown> {
  const parsed = parserOf(contentType)(body, bounds);
  await nextTurn();
  refuseRepeatedKeys(parsed);
  await nextTurn();
  return parsed.value;
}

/** @throws Problem unsupported-media-type */
export function parserOf(contentType: string | undefined): Parse {
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

function parseJson(body: Buffer, bounds: JsonBounds): Parsed {
  if (body.length === 0) throw malformed("The body is empty; send a JSON object or a list of them.");
  refuseBeyond(bounds, body);
  const text = decode(body);
  return { text, value: parseText(text) };
}

/** @throws Problem malformed */
function refuseRepeatedKeys({ text, value }: Parsed): void {
  const faults = repeatedKeys(text, value);
  if (faults.length > 0) throw malformed("The body gives a key more than once: errors says where.", faults);
}

/** @throws Problem body-too-large */
function refuseBeyond(bounds: JsonBounds, body: Buffer): void {
  const excess = beyond(bounds, body);
  if (excess === "rows") throw tooManyRows("more", bounds.rows);
  if (excess === "values" && bounds.values) throw tooManyValues(bounds.values);
  if (excess !== undefined) throw new Problem("body-too-large", { detail: "The body is nested beyond what rows are." });
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
