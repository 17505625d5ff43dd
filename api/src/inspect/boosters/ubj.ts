/**
 * Universal Binary JSON as XGBoost writes it, read for a few members: whatever lies under a name that is not wanted is
 * stepped over, trees above all.
 */
export type Ubj = string | number | boolean | null | readonly Ubj[] | { readonly [name: string]: Ubj };

const sizes: Readonly<Record<string, number>> = {
  i: 1,
  U: 1,
  C: 1,
  I: 2,
  l: 4,
  d: 4,
  L: 8,
  D: 8,
  Z: 0,
  N: 0,
  T: 0,
  F: 0,
};

export class UbjReader {
  private place = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly unwanted: ReadonlySet<string>,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @throws RangeError where the bytes end early or hold no UBJ */
  read(): Ubj {
    return this.value(this.marker(), true);
  }

  private marker(): string {
    return String.fromCharCode(this.view.getUint8(this.place++));
  }

  private value(marker: string, wanted: boolean): Ubj {
    if (marker === "{") return this.object(wanted);
    if (marker === "[") return this.array(wanted);
    if (marker === "S") return this.text();
    return this.scalar(marker);
  }

  private object(wanted: boolean): Ubj {
    const members: [string, Ubj][] = [];
    for (let marker = this.marker(); marker !== "}"; marker = this.marker()) {
      this.place--;
      const name = this.text();
      const isWanted = wanted && !this.unwanted.has(name);
      const value = this.value(this.marker(), isWanted);
      if (isWanted) members.push([name, value]);
    }
    return Object.fromEntries(members);
  }

  /** `[ … ]`, `[ #n …` or `[ $type #n …`, the last without a marker a value. */
  private array(wanted: boolean): Ubj {
    let type: string | undefined;
    let count = Infinity;
    let marker = this.marker();
    if (marker === "$") {
      type = this.marker();
      marker = this.marker();
    }
    if (marker === "#") count = this.length();
    else this.place--;
    const size = type === undefined ? undefined : sizes[type];
    if (size !== undefined && !wanted) return this.skip(size * count);
    return this.elements(type, count, wanted);
  }

  private elements(type: string | undefined, count: number, wanted: boolean): Ubj {
    const values: Ubj[] = [];
    for (let place = 0; place < count; place++) {
      const marker = type ?? this.marker();
      if (count === Infinity && marker === "]") break;
      const value = this.value(marker, wanted);
      if (wanted) values.push(value);
    }
    return values;
  }

  private skip(length: number): null {
    this.place += length;
    if (!(this.place <= this.bytes.length)) throw new RangeError("an array is longer than the file");
    return null;
  }

  private length(): number {
    const length = this.scalar(this.marker());
    if (typeof length !== "number" || length < 0 || length > this.bytes.length) throw new RangeError("no length");
    return length;
  }

  private text(): string {
    const length = this.length();
    const start = this.place;
    this.skip(length);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString("utf8");
  }

  private scalar(marker: string): number | boolean | null {
    const size = sizes[marker];
    if (size === undefined) throw new RangeError(`no UBJ: ${marker}`);
    const at = this.place;
    this.place += size;
    switch (marker) {
      case "i":
        return this.view.getInt8(at);
      case "U":
      case "C":
        return this.view.getUint8(at);
      case "I":
        return this.view.getInt16(at);
      case "l":
        return this.view.getInt32(at);
      case "L":
        return Number(this.view.getBigInt64(at));
      case "d":
        return this.view.getFloat32(at);
      case "D":
        return this.view.getFloat64(at);
      default:
        return marker === "T" ? true : marker === "F" ? false : null;
    }
  }
}

export function member(value: Ubj | undefined, name: string): Ubj | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, Ubj>>)[name];
}
