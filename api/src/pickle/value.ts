/**
 * What a pickle would make, read without making it. A value's members are read when they are asked for, so that a big
 * pickle costs what is looked at.
 */
export type Value =
  | { readonly kind: "none" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | Sequence
  | Mapping
  | Global
  | Instance
  | NumpyArray
  /** Something that cannot be followed (a cycle's second visit, what a foreign function would return). */
  | { readonly kind: "opaque"; readonly what: string };

export interface Sequence {
  readonly kind: "list" | "tuple" | "set";
  readonly length: number;
  /** @throws RangeError outside of it */
  at(place: number): Value;
  [Symbol.iterator](): Iterator<Value>;
}

export interface Mapping {
  readonly kind: "dict";
  readonly size: number;
  get(key: string | number): Value | undefined;
  entries(): Iterable<readonly [key: Value, value: Value]>;
}

/** A class or a function, by name: not called. */
export interface Global {
  readonly kind: "global";
  readonly module: string;
  readonly name: string;
}

/** What a class or a function would make: by NEWOBJ, REDUCE or their kin, with what BUILD and the appends bring. */
export interface Instance {
  readonly kind: "instance";
  /** `module.Name` of the class, or of the function that was called. copyreg._reconstructor's class is its argument. */
  readonly class: string;
  readonly arguments: Sequence | undefined;
  readonly state: Value | undefined;
  /** From the state: a dict, or the dict and the slots of a tuple of two. */
  attribute(name: string): Value | undefined;
  attributes(): Iterable<readonly [name: string, value: Value]>;
  /** What was appended (a list's heir) or set (a dict's heir). */
  readonly items: Sequence | undefined;
  readonly entries: Mapping | undefined;
}

export type Cell = number | bigint | string | boolean | null;

/** An ndarray or a numpy scalar (shape []), out of a pickle or a joblib stream. */
export interface NumpyArray {
  readonly kind: "array";
  /** numpy's `dtype.str`: `<f8`, `<i8`, `|b1`, `<U10`, `|O`; for a structured type, `structured`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The first `most` cells in C order, whatever the array's own order; a cell that is no scalar is null. */
  cells(most: number): Cell[];
  /** The first `most` members of an array of objects; of any other, none. */
  objects(most: number): Value[];
  /** One field of a structured array, such as the thresholds of a tree's nodes; undefined where there is none. */
  field(name: string): NumpyArray | undefined;
}
