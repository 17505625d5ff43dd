import { isUtf8 } from "node:buffer";

/** Whether bytes are UTF-8 as Python's pickle takes it: surrogates may stand alone. */
export function isPythonUtf8(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) >= 0x80) return isBeyondAscii(bytes.subarray(from, to));
  return true;
}

function isBeyondAscii(text: Buffer): boolean {
  return isUtf8(text) || isUtf8(Buffer.from(text.toString("latin1").replace(surrogate, "???"), "latin1"));
}

const surrogate = /\xed[\xa0-\xbf][\x80-\xbf]/g;
