import { countBytes } from "../count-bytes";

const [OPEN_BRACE, OPEN_BRACKET, COLON] = [0x7b, 0x5b, 0x3a];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A part takes one byte at least. 30 MB of `[{},{},…]` or of names that are no inputs would cost seconds. */
const MOST_CONTAINERS = 10_000;
const MOST_NAMES = 1_000_000; // models of half a million inputs are known

/** What a row's JSON has too much of, if anything; asked before it is parsed. */
export function tooManyParts(json: Buffer): string | undefined {
  if (json.length <= MOST_CONTAINERS) return undefined;
  // What stands inside of texts is counted here too, so a row that seems to have too many is then walked through.
  const containers = countBytes(json, OPEN_BRACE, MOST_CONTAINERS) + countBytes(json, OPEN_BRACKET, MOST_CONTAINERS);
  const seemsLarge = containers > MOST_CONTAINERS || countBytes(json, COLON, MOST_NAMES) > MOST_NAMES;
  return seemsLarge ? walk(json) : undefined;
}

function walk(json: Buffer): string | undefined {
  let [containers, names, inText] = [0, 0, false];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) inText = !inText;
    else if (inText) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) containers += 1;
    else if (byte === COLON) names += 1;
    if (containers > MOST_CONTAINERS) return `${MOST_CONTAINERS} objects and lists`;
    if (names > MOST_NAMES) return `${MOST_NAMES} names`;
  }
  return undefined;
}
