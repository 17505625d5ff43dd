const simple: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** What STRING writes: Python's escapes of bytes. */
export const unescapeBytes = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g,
    (whole, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      return simple[other ?? ""] ?? whole;
    },
  );

/** What UNICODE writes: raw-unicode-escape, where a backslash escapes only when it is not itself escaped. */
export const unescapeText = (text: string): string =>
  text.replace(
    /(\\\\)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g,
    (whole, pair?: string, short?: string, long?: string) => {
      if (pair !== undefined) return whole;
      const point = parseInt(short ?? long ?? "0", 16);
      return point > 0x10ffff ? whole : String.fromCodePoint(point);
    },
  );

/** Whether each of raw-unicode-escape's escapes has all its digits. */
export function hasWholeEscapes(text: string): boolean {
  if (!/\\u/i.test(text)) return true;
  const unescaped = text.replaceAll("\\\\", "");
  return !/\\u(?![0-9a-fA-F]{4})|\\U(?!(?:0010|000[0-9a-fA-F])[0-9a-fA-F]{4})/.test(unescaped);
}
