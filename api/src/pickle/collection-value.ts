import { numberOf, floatOf, textOf, booleanOf } from "./scalar";
import type { Mapping, Sequence, Value } from "./value";
import type { Reader } from "./value-of";

export function collectionValue(kind: Sequence["kind"], items: Int32Array, { value }: Reader): Sequence {
  return {
    kind,
    length: items.length,
    at: (place) => {
      const reference = items[place];
      if (reference === undefined) throw new RangeError(`${place} is outside of 0 to ${items.length - 1}`);
      return value(reference);
    },
    *[Symbol.iterator]() {
      for (const reference of items) yield value(reference);
    },
  };
}

/** `items`: keys and values in turn. */
export function mappingValue(items: Int32Array, reader: Reader): Mapping {
  const { value } = reader;
  return {
    kind: "dict",
    size: items.length / 2,
    get: (key) => {
      for (let at = items.length - 2; at >= 0; at -= 2)
        if (isKey(reader, items[at] ?? 0, key)) return value(items[at + 1] ?? 0);
      return undefined;
    },
    *entries() {
      for (let at = 0; at < items.length; at += 2) yield [value(items[at] ?? 0), value(items[at + 1] ?? 0)] as const;
    },
  };
}

/** Whether Python's dict would find that key: 1, 1.0, True and numpy's 1 are the same. */
function isKey({ heap, value }: Reader, reference: number, key: string | number): boolean {
  if (typeof key === "string")
    return reference < 0 ? textOf(heap, reference) === key : scalarKey(value(reference)) === key;
  if (reference >= 0) return scalarKey(value(reference)) === key;
  return Number(numberOf(heap, reference) ?? floatOf(heap, reference) ?? booleanOf(heap, reference) ?? NaN) === key;
}

function scalarKey(value: Value): unknown {
  return value.kind === "array" && value.shape.length === 0 ? value.cells(1)[0] : undefined;
}
