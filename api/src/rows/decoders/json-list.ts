import type { ChunkBuilder } from "../chunk-builder";
import type { CreateDecoder, RowDecoder } from "./decoder";
import { createBomFilter, malformed, readJson, rowTooLong } from "./row-texts";

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Blanks, and what is no object and so no row, are not kept until they are as long as a row may be. */
const MOST_OF_NO_OBJECT = 64 * 1024;

function firstNotBlank(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; at += 1) if (!isBlank(bytes[at] ?? 0)) return at;
  return -1;
}

/**
 * A list of rows, or one row alone. The bytes are only cut where rows end; each is then read by JSON.parse, which finds
 * what is wrong in it. A row that is not JSON ends the body: where the next begins is not known.
 */
export const jsonList: CreateDecoder = (to, maxRowBytes) => new JsonList(to, maxRowBytes);

class JsonList implements RowDecoder {
  private readonly withoutBom = createBomFilter();
  private readonly ends = new RowEnds();
  private state: "before" | "alone" | "list" | "after" = "before";
  private held: Buffer[] = [];
  private heldBytes = 0;
  /** Whether what is held begins as a row does, as soon as that can be seen. */
  private isHeldAnObject: boolean | undefined;
  private blanksBefore = 0;
  private count = 0;
  /** So far, every row has ended at its first closing brace. */
  private areFlat = true;

  constructor(
    private readonly to: ChunkBuilder,
    private readonly maxRowBytes: number,
  ) {}

  *decode(sent: Buffer): Generator<void, void, void> {
    const bytes = this.withoutBom(sent, false);
    let start = this.state === "before" ? this.begin(bytes) : 0;
    if (this.state === "alone") this.hold(bytes.subarray(start));
    while (this.state === "list") {
      const flat = this.flatRow(bytes, start);
      if (flat) {
        this.give(flat.value);
        start = flat.end;
        if (this.to.room === 0) yield;
        continue;
      }
      const end = this.ends.next(bytes, start);
      if (end === -1) {
        this.hold(bytes.subarray(start));
        return;
      }
      if (bytes[end] === CLOSE_BRACE) throw malformed("The body is not JSON: a } closes the list of rows.");
      const isLast = bytes[end] === CLOSE_BRACKET;
      this.row(bytes.subarray(start, end), isLast);
      start = end + 1;
      if (isLast) this.state = "after";
      if (this.to.room === 0) yield;
    }
    if (this.state === "after" && !bytes.subarray(start).every(isBlank)) {
      throw malformed("The body is not JSON: something follows the list of rows.");
    }
  }

  *end(): Generator<void, void, void> {
    yield* this.decode(this.withoutBom(Buffer.alloc(0), true));
    if (this.state === "before") throw malformed("The body is empty; send a JSON object or a list of them.");
    if (this.state === "list") throw malformed("The body is not JSON: it ends before the list of rows does.");
    if (this.state === "alone") this.row(Buffer.alloc(0), false);
    if (this.to.room === 0) yield;
  }

  unfinished(): number {
    return this.heldBytes;
  }

  private begin(bytes: Buffer): number {
    const at = firstNotBlank(bytes);
    if (at === -1) {
      this.blanksBefore += bytes.length;
      if (this.blanksBefore > MOST_OF_NO_OBJECT) throw rowTooLong(0, MOST_OF_NO_OBJECT);
      return bytes.length;
    }
    this.state = bytes[at] === OPEN_BRACKET ? "list" : "alone";
    return this.state === "list" ? at + 1 : at;
  }

  /**
   * A row that ends at the first closing brace, and the place behind the comma that follows it. To find that byte costs a
   * tenth of looking at each; and what begins like an object and parses as one is no shorter than the row.
   */
  private flatRow(bytes: Buffer, start: number): { readonly value: unknown; readonly end: number } | undefined {
    if (!this.areFlat || this.heldBytes > 0) return undefined;
    const close = bytes.indexOf(CLOSE_BRACE, start);
    if (close === -1 || bytes[close + 1] !== COMMA) return undefined;
    const row = bytes.subarray(start, close + 1);
    if (row.length > this.maxRowBytes) return undefined;
    const read = readJson(row, this.pointer);
    this.areFlat = "value" in read;
    return "value" in read ? { value: read.value, end: close + 2 } : undefined;
  }

  private get pointer(): string {
    return this.state === "alone" ? "#" : `#/${this.to.next}`;
  }

  private give(row: unknown): void {
    this.count += 1;
    this.to.add(row, this.pointer);
  }

  private hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.isHeldAnObject === undefined) {
      const at = firstNotBlank(bytes);
      if (at !== -1) this.isHeldAnObject = bytes[at] === OPEN_BRACE;
    }
    const most = this.isHeldAnObject === true ? this.maxRowBytes : Math.min(this.maxRowBytes, MOST_OF_NO_OBJECT);
    if (this.heldBytes > most) throw rowTooLong(this.to.next, most);
  }

  private row(last: Buffer, isLast: boolean): void {
    this.hold(last);
    const bytes = this.held.length === 1 && this.held[0] ? this.held[0] : Buffer.concat(this.held);
    this.held = [];
    this.heldBytes = 0;
    this.isHeldAnObject = undefined;
    const isEmptyList = isLast && this.count === 0 && bytes.every(isBlank);
    if (isEmptyList) return;
    const read = readJson(bytes, this.pointer);
    if ("fault" in read)
      throw malformed(`Row ${this.to.next} (counted from 0) of the body is ${read.fault}.`, read.faults);
    this.give(read.value);
  }
}

/** Finds where the rows of a list end, wherever its bytes are cut. */
class RowEnds {
  private depth = 0;
  private inText = false;
  private isEscaped = false;

  /** The place of the byte that ends the row, or -1. Names of its own, since V8 is twice as fast with those. */
  next(bytes: Buffer, from: number): number {
    let [at, depth, inText] = [from, this.depth, this.inText];
    if (this.isEscaped && at < bytes.length) {
      at += 1;
      this.isEscaped = false;
    }
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (inText) {
        if (byte === BACKSLASH) at += 1;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) inText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (depth === 0) return this.found(at);
        depth -= 1;
      } else if (byte === COMMA && depth === 0) return this.found(at);
    }
    this.depth = depth;
    this.inText = inText;
    this.isEscaped ||= at > bytes.length;
    return -1;
  }

  private found(at: number): number {
    this.depth = 0;
    this.inText = false;
    return at;
  }
}
