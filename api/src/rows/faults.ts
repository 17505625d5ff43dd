import type { Refused } from "../bundle/cell";
import { nearest } from "../bundle/nearest";
import { type Fault, MAX_FAULTS_LISTED } from "../problems";

/** Keeps the first faults and counts the rest: the text of 200,000 would cost more than the prediction. */
export class Faults {
  readonly listed: Fault[] = [];
  total = 0;

  constructor(private readonly mostListed = MAX_FAULTS_LISTED) {}

  add(describe: () => Fault): void {
    this.total += 1;
    if (this.listed.length < this.mostListed) this.listed.push(describe());
  }
}

export const notARow = (row: unknown, pointer: string): Fault => ({
  detail: `The row is ${shown(row)}; it must be an object of columns.`,
  pointer,
});

export function cellFault(name: string, value: unknown, { allowed }: Refused, rowPointer: string): Fault {
  const received = value === undefined ? `${name} is missing` : `${name} is ${shown(value)}`;
  return { detail: `${received}; allowed: ${allowed}.`, pointer: `${rowPointer}/${pointerToken(name)}` };
}

export function extraFault(name: string, names: readonly string[], rowPointer: string): Fault {
  const near = nearest(name, names);
  const detail = `${shown(name)} is not an input of this model. ${near ? `Did you mean ${near}?` : "Remove it."}`;
  return { detail, pointer: `${rowPointer}/${pointerToken(name)}` };
}

const MAX_SHOWN = 80;

/** A value as its sender may recognise it, never longer than a line, never walked into. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = JSON.stringify(typeof value === "string" ? value.slice(0, MAX_SHOWN) : value);
  return typeof value === "string" && value.length > MAX_SHOWN ? `${text}…` : text;
}

/** A key as one token of a JSON Pointer in a URI fragment (RFC 6901, sections 3 and 6). */
export const pointerToken = (key: string): string =>
  encodeURIComponent(key.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"));
