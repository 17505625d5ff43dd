import { Problem } from "../problems";

/** Bytes to what they hold: a line per media type. */
const parsers: Readonly<Record<string, (body: Buffer) => unknown>> = {
  "application/json": parseJson,
};

/** A body without a media type is taken as JSON.
 * @throws Problem unsupported-media-type, malformed */
export function parseBody(body: Buffer, contentType: string | undefined): unknown {
  const [mediaType = "", ...parameters] = (contentType ?? "application/json")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const parse = parsers[mediaType];
  if (!parse || !parameters.every(isUtf8)) throw unsupported(contentType ?? "");
  return parse(body);
}

const isUtf8 = (parameter: string): boolean =>
  !parameter.startsWith("charset=") || /^charset="?utf-?8"?$/.test(parameter);

function unsupported(contentType: string): Problem {
  const known = Object.keys(parsers).join(", ");
  const detail = `The body is sent as ${contentType.slice(0, 100)}; send ${known} in UTF-8. With curl: -H 'content-type: application/json'.`;
  return new Problem("unsupported-media-type", { detail, headers: { accept: known } });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw malformed("The body is empty; send a JSON object or a list of them.");
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
