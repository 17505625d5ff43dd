import { isUtf8 } from "node:buffer";

/** Bytes as text, or undefined where they are not UTF-8. A byte order mark is kept, as a character like others. */
export const utf8Text = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString("utf8") : undefined);
