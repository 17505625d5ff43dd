import type { Cell, Instance, Mapping, Value } from "../../pickle/value";

/** A value as plain cells and numbers, where it is such; undefined where it is not: pickles hold anything anywhere. */

export const instanceOf = (value: Value | undefined): Instance | undefined =>
  value?.kind === "instance" ? value : undefined;

export const textOf = (value: Value | undefined): string | undefined => {
  const cell = cellOf(value);
  return typeof cell === "string" ? cell : undefined;
};

export const numberOf = (value: Value | undefined): number | undefined => {
  const cell = cellOf(value);
  return typeof cell === "number" ? cell : undefined;
};

export const booleanOf = (value: Value | undefined): boolean | undefined => {
  const cell = cellOf(value);
  return typeof cell === "boolean" ? cell : undefined;
};

/** None, and nan. */
export const isMissing = (cell: Cell): boolean => cell === null || Number.isNaN(cell);

export const isNone = (value: Value | undefined): boolean => value === undefined || value.kind === "none";

/** Null for None and for what is no scalar. */
export function cellOf(value: Value | undefined): Cell {
  switch (value?.kind) {
    case "boolean":
    case "float":
    case "text":
      return value.value;
    case "integer":
      return small(value.value);
    case "array":
      return value.shape.length === 0 ? small(value.cells(1)[0] ?? null) : null;
    default:
      return null;
  }
}

const small = (cell: Cell): Cell =>
  typeof cell === "bigint" && cell >= Number.MIN_SAFE_INTEGER && cell <= Number.MAX_SAFE_INTEGER ? Number(cell) : cell;

/** The first cells of a list, a tuple, an array or a pandas Index. */
export function cellsOf(value: Value | undefined, most = Number.MAX_SAFE_INTEGER): Cell[] | undefined {
  if (value?.kind === "array") return value.shape.length === 0 ? undefined : value.cells(most).map(small);
  const members = indexMembers(value) ?? value;
  if (members !== value) return cellsOf(members, most);
  return isListed(value) ? valuesOf(value, most).map(cellOf) : undefined;
}

const isListed = (value: Value | undefined): boolean =>
  value?.kind === "list" ||
  value?.kind === "tuple" ||
  value?.kind === "set" ||
  (value?.kind === "instance" && (value.items !== undefined || value.attribute("data")?.kind === "list"));

/** The cells where they are texts, every one. */
export function textsOf(value: Value | undefined, most = Number.MAX_SAFE_INTEGER): string[] | undefined {
  const cells = cellsOf(value, most);
  return cells !== undefined && cells.length > 0 && cells.every((cell) => typeof cell === "string") ? cells : undefined;
}

export function numbersOf(value: Value | undefined, most = Number.MAX_SAFE_INTEGER): number[] | undefined {
  return cellsOf(value, most)?.map((cell) => (typeof cell === "number" ? cell : Number.NaN));
}

/** The members of a list, a tuple, a list's heir (also collections.UserList's) or an array of objects. */
export function valuesOf(value: Value | undefined, most = Number.MAX_SAFE_INTEGER): Value[] {
  const sequence = value?.kind === "instance" ? (value.items ?? value.attribute("data")) : value;
  if (sequence?.kind !== "list" && sequence?.kind !== "tuple" && sequence?.kind !== "set") return [];
  const values: Value[] = [];
  for (let place = 0; place < Math.min(most, sequence.length); place++) values.push(sequence.at(place));
  return values;
}

export const lengthOf = (value: Value | undefined): number | undefined => shapeOf(value)?.[0];

/** Of an array, a sparse matrix, a data frame or a list (one dimension). */
export function shapeOf(value: Value | undefined): readonly number[] | undefined {
  if (value?.kind === "array") return value.shape;
  if (value?.kind === "list" || value?.kind === "tuple") return [value.length];
  if (value?.kind !== "instance") return undefined;
  const sparse = value.attribute("_shape");
  if (sparse !== undefined) return numbersOf(sparse);
  const members = indexMembers(value);
  if (members !== undefined) return shapeOf(members);
  return isListed(value) ? [value.items?.length ?? lengthOf(value.attribute("data")) ?? 0] : undefined;
}

/** A dict, or what a dict's heir was given. */
export const mappingOf = (value: Value | undefined): Mapping | undefined =>
  value?.kind === "dict" ? value : value?.kind === "instance" ? value.entries : undefined;

/** What a pandas Index holds: `_new_Index(cls, {data: …})`, and the extension arrays of newer versions in it. */
function indexMembers(value: Value | undefined): Value | undefined {
  if (value?.kind !== "instance") return undefined;
  if (value.class.endsWith("._new_Index")) {
    const data = mappingOf(at(value.arguments, 1))?.get("data");
    return data?.kind === "instance" ? (indexMembers(data) ?? data) : data;
  }
  if (!value.class.startsWith("pandas.")) return undefined;
  return value.attribute("_ndarray") ?? value.attribute("_data") ?? value.attribute("_values");
}

export const at = (value: Value | undefined, place: number): Value | undefined =>
  (value?.kind === "list" || value?.kind === "tuple") && place < value.length ? value.at(place) : undefined;

/** The first of these attributes that is there and is not None. */
export function firstOf(instance: Instance, ...names: readonly string[]): Value | undefined {
  for (const name of names) {
    const value = instance.attribute(name);
    if (!isNone(value)) return value;
  }
  return undefined;
}
