import { countBytes } from "../rows/count-bytes";

const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [0x7b, 0x5b, 0x7d, 0x5d];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** What is shorter is parsed in some milliseconds, whatever it holds: its values are counted only where its rows may be too many. */
export const SHORT_BYTES = 256 * 1024;

export interface JsonBounds {
  /** The most objects and lists at the depth where a request's rows stand. */
  readonly rows: number;
  /** That depth: 1 in a list of rows, 2 in an object of keyed rows inside an envelope. */
  readonly rowDepth: number;
  /** The most objects and lists in all. */
  readonly containers: number;
  /** Of a body that is parsed on the event loop whatever its size; the bytes of others bound it well enough. */
  readonly values?: ValueBounds;
}

export interface ValueBounds {
  /** The most values in all, objects and lists included; and the most cells, where every row has all of its inputs. */
  readonly most: number;
  /** Of a row. Each is looked for, and is a fault where it is missing: 1,000 rows of {} cost as much as 1,000 full ones. */
  readonly inputs: number;
  /** Where more of them are taken. */
  readonly address: string;
}

export type Excess = "rows" | "containers" | "values";

/**
 * Which bound a JSON text goes beyond, if any. It is asked before the text is parsed: 60 MB of `[{},{},…]` cost seconds
 * and gigabytes to parse, a million keys that are all different cost seconds.
 */
export function beyond(bounds: JsonBounds, json: Buffer): Excess | undefined {
  const { rows, rowDepth, values } = bounds;
  // What stands inside of texts is counted here too, so a body that seems too large is then walked through.
  const most = (values ? Math.min(rows, values.most / values.inputs) : rows) + rowDepth;
  const seemingly = countBytes(json, OPEN_BRACE, most) + countBytes(json, OPEN_BRACKET, most);
  if (seemingly > most) return walk(bounds, json);
  if (!values || json.length <= SHORT_BYTES) return undefined;
  return seemingly + countBytes(json, COMMA, values.most) > values.most ? walk(bounds, json) : undefined;
}

function walk(bounds: JsonBounds, json: Buffer): Excess | undefined {
  let [rows, containers, commas, depth] = [0, 0, 0, 0];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfText(json, at);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === bounds.rowDepth && (rows += 1) > bounds.rows) return "rows";
      if ((containers += 1) > bounds.containers) return "containers";
      if (isBeyond(bounds.values, rows, containers + commas)) return "values";
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    else if (byte === COMMA && isBeyond(bounds.values, rows, containers + (commas += 1))) return "values";
  }
  return undefined;
}

/** Each value but the first stands behind a comma, or behind the opening of what holds it: so many are the values. */
const isBeyond = (bounds: ValueBounds | undefined, rows: number, values: number): boolean =>
  bounds !== undefined && (values > bounds.most || rows * bounds.inputs > bounds.most);

function endOfText(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}
