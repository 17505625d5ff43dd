import { type Fault, Problem } from "../../problems";
import { repeatedKeys } from "../repeated-keys";
import { utf8Text } from "../utf8-text";
import { tooManyParts } from "./json-parts";

export const malformed = (detail: string, faults: readonly Fault[] = []): Problem =>
  new Problem("malformed", { detail, faults });

export function rowTooLong(row: number, maxRowBytes: number): Problem {
  const detail = `Row ${row} (counted from 0) is longer than ${maxRowBytes} bytes, the most that one row may have. Is it one row?`;
  return new Problem("body-too-large", { detail });
}

/** A row's value, or what is wrong with its JSON, which stands at `pointer` in the body. */
export function readJson(
  bytes: Buffer,
  pointer: string,
): { readonly value: unknown } | { readonly fault: string; readonly faults?: readonly Fault[] } {
  const tooMany = tooManyParts(bytes);
  if (tooMany !== undefined) return { fault: `made of more than ${tooMany}; a row is one object of values` };
  const text = utf8Text(bytes);
  if (text === undefined) return { fault: "not UTF-8" };
  try {
    const value: unknown = JSON.parse(text);
    const faults = repeatedKeys(text, value, pointer);
    return faults.length === 0 ? { value } : { fault: "JSON that gives a key more than once", faults };
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: `not JSON: ${error.message.slice(0, 200)}` };
    if (error instanceof RangeError) return { fault: "nested too deeply" };
    throw error;
  }
}

const BOM = Buffer.from("\ufeff");

/** Bytes of a body without the byte order mark that it may begin with, wherever it is cut. */
export function createBomFilter(): (bytes: Buffer, ended: boolean) => Buffer {
  let held: Buffer | undefined = Buffer.alloc(0);
  return (bytes, ended) => {
    if (held === undefined) return bytes;
    const start = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const isCut = !ended && start.length < BOM.length && BOM.subarray(0, start.length).equals(start);
    held = isCut ? start : undefined;
    if (isCut) return Buffer.alloc(0);
    return start.subarray(0, BOM.length).equals(BOM) ? start.subarray(BOM.length) : start;
  };
}
