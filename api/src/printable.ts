/**
 * Texts of files that nobody trusts, on a terminal: what would move its cursor, change its title, or turn the order of
 * letters around, is shown as \\uXXXX.
 */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** In one line. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

const colour = /\u001b\[(?:\d{1,2}(?:;\d{1,3})*)?m/g;

/** Lines, with colours of our own. */
export function printableLines(text: string): string {
  let after = 0;
  let shown = "";
  for (const found of text.matchAll(colour)) {
    shown += plainLines(text.slice(after, found.index)) + found[0];
    after = found.index + found[0].length;
  }
  return shown + plainLines(text.slice(after));
}

const plainLines = (text: string): string =>
  text.replace(unprintable, (letter) => (letter === "\n" || letter === "\t" ? letter : escaped(letter)));

/** Every text within it, keys too, is printable in one line. */
export function withPrintableTexts<T>(value: T): T {
  if (typeof value === "string") return printable(value) as T;
  if (Array.isArray(value)) return value.map(withPrintableTexts) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [printable(key), withPrintableTexts(member)]),
  ) as T;
}

/** One word of a command to copy: quoted where a shell would make something else of it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
