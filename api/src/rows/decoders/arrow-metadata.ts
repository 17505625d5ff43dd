import { MessageHeader } from "apache-arrow";

/** Places of tables' members, by the order of Arrow's Message.fbs and Schema.fbs. */
const MESSAGE = { headerType: 1, header: 2, customMetadata: 4 };
const SCHEMA = { fields: 1, customMetadata: 2 };
const FIELD = { name: 0, children: 5, customMetadata: 6 };
const KEY_VALUE = { key: 0, value: 1 };
const RECORD_BATCH = { nodes: 1, buffers: 2, variadicCounts: 4 };
const DICTIONARY_BATCH = { data: 1 };

const OFFSET_BYTES = 4;

/**
 * Whether the lists and texts of a message's metadata lie within it, and no more of them than it can hold. The library
 * believes what they say of their length: one that says it has four thousand million members is read until memory ends.
 */
export function isSoundMetadata(bytes: Uint8Array): boolean {
  try {
    new Walk(bytes).message();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A walk through a FlatBuffer. What lies outside of it is a RangeError, of DataView's own. */
class Walk {
  private readonly view: DataView;
  /** What is pointed at from several places is walked through as often: bytes that may still be. */
  private left: number;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.left = bytes.byteLength * 4;
  }

  message(): void {
    const message = this.behind(0);
    this.keyValues(message, MESSAGE.customMetadata);
    const type = this.member(message, MESSAGE.headerType);
    const header = this.table(message, MESSAGE.header);
    if (type === undefined || header === undefined) return;
    const kind = MessageHeader[this.view.getUint8(type)];
    if (kind === "Schema") this.schema(header);
    else if (kind === "RecordBatch") this.recordBatch(header);
    else if (kind === "DictionaryBatch") {
      const data = this.table(header, DICTIONARY_BATCH.data);
      if (data !== undefined) this.recordBatch(data);
    }
  }

  private schema(schema: number): void {
    this.keyValues(schema, SCHEMA.customMetadata);
    for (const field of this.tables(schema, SCHEMA.fields)) this.field(field);
  }

  private field(field: number): void {
    this.text(field, FIELD.name);
    this.keyValues(field, FIELD.customMetadata);
    for (const child of this.tables(field, FIELD.children)) this.field(child);
  }

  private keyValues(table: number, place: number): void {
    for (const pair of this.tables(table, place)) {
      this.text(pair, KEY_VALUE.key);
      this.text(pair, KEY_VALUE.value);
    }
  }

  private recordBatch(batch: number): void {
    this.list(batch, RECORD_BATCH.nodes, 16);
    this.list(batch, RECORD_BATCH.buffers, 16);
    this.list(batch, RECORD_BATCH.variadicCounts, 8);
  }

  private text(table: number, place: number): void {
    this.list(table, place, 1);
  }

  private *tables(table: number, place: number): Generator<number> {
    const { start, length } = this.list(table, place, OFFSET_BYTES);
    for (let i = 0; i < length; i += 1) yield this.behind(start + i * OFFSET_BYTES);
  }

  /** Where a list's members begin, and how many they are. */
  private list(table: number, place: number, bytesEach: number): { start: number; length: number } {
    const at = this.member(table, place);
    if (at === undefined) return { start: 0, length: 0 };
    const list = this.behind(at);
    const length = this.view.getUint32(list, true);
    const start = list + OFFSET_BYTES;
    this.left -= OFFSET_BYTES + length * bytesEach;
    if (this.left < 0 || start + length * bytesEach > this.view.byteLength) throw new RangeError("beyond its end");
    return { start, length };
  }

  private table(table: number, place: number): number | undefined {
    const at = this.member(table, place);
    return at === undefined ? undefined : this.behind(at);
  }

  /** Where a table's member stands, if the table has it: its layout, which stands elsewhere, tells. */
  private member(table: number, place: number): number | undefined {
    const layout = table - this.view.getInt32(table, true);
    const at = OFFSET_BYTES + place * 2;
    const offset = at < this.view.getUint16(layout, true) ? this.view.getUint16(layout + at, true) : 0;
    return offset === 0 ? undefined : table + offset;
  }

  /** What is pointed at from here. */
  private behind(at: number): number {
    return at + this.view.getUint32(at, true);
  }
}
