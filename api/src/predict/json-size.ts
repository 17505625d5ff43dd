import { countBytes } from "../rows/count-bytes";

const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [0x7b, 0x5b, 0x7d, 0x5d];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface JsonBounds {
  /** The most objects and lists at the depth where a request's rows stand. */
  readonly rows: number;
  /** That depth: 1 in a list of rows, 2 in an object of keyed rows inside an envelope. */
  readonly rowDepth: number;
  /** The most objects and lists in all. */
  readonly containers: number;
}

/**
 * Which bound a JSON text goes beyond, if any. It is asked before the text is parsed: 60 MB of `[{},{},…]` cost seconds
 * and gigabytes to parse.
 */
export function beyond(bounds: JsonBounds, json: Buffer): "rows" | "containers" | undefined {
  // Braces inside of texts are counted here too, so a body that seems too large is then walked through.
  const most = bounds.rows + bounds.rowDepth;
  const seemingly = countBytes(json, OPEN_BRACE, most) + countBytes(json, OPEN_BRACKET, most);
  return seemingly > most ? walk(bounds, json) : undefined;
}

function walk(bounds: JsonBounds, json: Buffer): "rows" | "containers" | undefined {
  let [rows, containers, depth] = [0, 0, 0];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfText(json, at);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === bounds.rowDepth && (rows += 1) > bounds.rows) return "rows";
      if ((containers += 1) > bounds.containers) return "containers";
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
  return undefined;
}

function endOfText(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}
