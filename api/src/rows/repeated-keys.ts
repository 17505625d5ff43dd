import { type Fault, MAX_FAULTS_LISTED } from "../problems";
import { pointerToken } from "./faults";

const [QUOTE, BACKSLASH, COMMA, COLON, BLANK] = [0x22, 0x5c, 0x2c, 0x3a, 0x20];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Every key that an object of a JSON text gives again: JSON.parse keeps the last of them and says nothing. The text is
 * one that it has read; `pointer` is where the text's value stands. Whether there is any is told by numbers alone: an
 * object that has as many keys as its text has pairs has none twice. (A row of 100 inputs: 1.0 us, a walk 31.)
 */
export function repeatedKeys(json: string, parsed: unknown, pointer = "#"): readonly Fault[] {
  const rowKeys = keysOfRows(parsed);
  if (countColons(json, rowKeys) === rowKeys) return none;
  const keys = keysInAll(parsed);
  // Where a text held such colons, the pairs are counted one by one.
  return countColons(json, keys) === keys || countPairs(json) === keys ? none : findRepeated(json, pointer);
}

const none: readonly Fault[] = [];

/**
 * Those that may stand between a key and its value: behind a quote, or a blank. Few colons inside of texts do; in a text
 * made of them, no more are counted than tell that there are too many.
 */
function countColons(json: string, most: number): number {
  let count = 0;
  for (let at = json.indexOf(":"); at !== -1 && count <= most; at = json.indexOf(":", at + 1)) {
    const before = json.charCodeAt(at - 1);
    if (before === QUOTE || before <= BLANK) count += 1;
  }
  return count;
}

/** As rows commonly are: the keys of an object, or of the objects of a list, whatever their values hold. */
function keysOfRows(parsed: unknown): number {
  if (!Array.isArray(parsed)) return isObject(parsed) ? Object.keys(parsed).length : 0;
  let keys = 0;
  for (const row of parsed) if (isObject(row) && !Array.isArray(row)) keys += Object.keys(row).length;
  return keys;
}

function keysInAll(parsed: unknown): number {
  let keys = 0;
  const waiting = [parsed]; // a list, since what is nested a million deep would overflow the stack
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      for (const item of value) if (isObject(item)) waiting.push(item);
    } else if (isObject(value)) {
      const names = Object.keys(value); // and no Object.values: of 50,000 that takes 20 ms, and this 10
      keys += names.length;
      for (const name of names) if (isObject(value[name])) waiting.push(value[name]);
    }
  }
  return keys;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function countPairs(json: string): number {
  let pairs = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfText(json, at);
    else if (code === COLON) pairs += 1;
  }
  return pairs;
}

/** The next quote that an even number of backslashes stands before: each of them stands before itself. */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** Few keys hold anything that is escaped, and JSON.parse takes four times as long as they do. */
function textBetween(json: string, start: number, end: number): string {
  const text = json.slice(start + 1, end);
  return text.includes("\\") ? (JSON.parse(json.slice(start, end + 1)) as string) : text;
}

/** An object or a list that has begun and not ended. */
interface Open {
  readonly isObject: boolean;
  /** The place of an item in a list, or the latest key of an object; an object has none at its start. */
  at: string | number | undefined;
  /** The keys so far. An object of one needs no set, and a million of those may stand in each other. */
  seen?: Set<string>;
  isKeyNext: boolean;
}

function findRepeated(json: string, pointer: string): Fault[] {
  const found: Fault[] = [];
  const open: Open[] = [];
  for (let at = 0; at < json.length && found.length < MAX_FAULTS_LISTED; at += 1) {
    const code = json.charCodeAt(at);
    const inner = open.at(-1);
    if (code === QUOTE) {
      const end = endOfText(json, at);
      if (inner?.isKeyNext && isRepeated(inner, textBetween(json, at, end)))
        found.push(repeatedFault(String(inner.at), open, pointer));
      at = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      const isObject = code === OPEN_BRACE;
      open.push({ isObject, at: isObject ? undefined : 0, isKeyNext: isObject });
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) open.pop();
    else if (code === COMMA && inner) {
      if (inner.isObject) inner.isKeyNext = true;
      else inner.at = Number(inner.at) + 1;
    }
  }
  return found;
}

function isRepeated(object: Open, key: string): boolean {
  const before = object.at;
  object.at = key;
  object.isKeyNext = false;
  if (before === undefined) return false;
  object.seen ??= new Set([String(before)]);
  if (object.seen.has(key)) return true;
  object.seen.add(key);
  return false;
}

/** Deeper than this a pointer is of no use to anyone, and names the object that holds the rest. */
const MOST_TOKENS = 32;

function repeatedFault(key: string, open: readonly Open[], pointer: string): Fault {
  const tokens = open.slice(0, MOST_TOKENS).map(({ at }) => `/${pointerToken(String(at))}`);
  const shown = JSON.stringify(key.slice(0, 80));
  return { detail: `${shown} is given more than once; give it once.`, pointer: pointer + tokens.join("") };
}
