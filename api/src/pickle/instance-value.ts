import { collectionValue, mappingValue } from "./collection-value";
import { Brought, type Heap, Kind, nothing } from "./heap";
import { isNone, textOf } from "./scalar";
import { argumentsOf, calleeOf, globalName, tupleItems } from "./shapes";
import type { Instance, Mapping, Sequence, Value } from "./value";
import type { Reader } from "./value-of";

/** What makes an instance of its first argument. */
const makers: ReadonlySet<string> = new Set([
  "copyreg._reconstructor",
  "copy_reg._reconstructor",
  "copyreg.__newobj__",
  "copy_reg.__newobj__",
  "copyreg.__newobj_ex__",
]);

export function instanceValue(reader: Reader, node: number): Instance {
  const { heap, value } = reader;
  const callee = calleeOf(heap, node);
  const args = argumentsOf(heap, node);
  const made = callee !== undefined && makers.has(callee) ? globalName(heap, args[0] ?? 0) : undefined;
  const state = heap.brought(node, Brought.state);
  return {
    kind: "instance",
    class: made ?? callee ?? "unknown",
    arguments: made === undefined ? collectionValue("tuple", args, reader) : undefined,
    state: state === nothing ? undefined : value(state),
    attribute: (name) => attribute(reader, state, name),
    attributes: () => attributes(reader, state),
    items: items(reader, node),
    entries: entries(reader, node),
  };
}

/** A state's dicts: itself, or the two of a tuple, of which the second is of slots. */
function stateDicts(heap: Heap, state: number): number[] {
  const both = tupleItems(heap, state);
  const dicts = both?.length === 2 ? [...both].reverse() : [state];
  return dicts.filter((dict) => heap.kind(dict) === Kind.dict);
}

function attribute({ heap, value }: Reader, state: number, name: string): Value | undefined {
  for (const dict of stateDicts(heap, state)) {
    const items = heap.items(dict);
    for (let at = items.length - 2; at >= 0; at -= 2)
      if (textOf(heap, items[at] ?? 0) === name) return value(items[at + 1] ?? 0);
  }
  return undefined;
}

function* attributes({ heap, value }: Reader, state: number): Iterable<readonly [string, Value]> {
  for (const dict of stateDicts(heap, state)) {
    const items = heap.items(dict);
    for (let at = 0; at < items.length; at += 2) {
      const name = textOf(heap, items[at] ?? 0);
      if (name !== undefined) yield [name, value(items[at + 1] ?? 0)];
    }
  }
}

/** Appended; or, for copyreg._reconstructor, the list that a list's heir starts with. */
function items(reader: Reader, node: number): Sequence | undefined {
  const appended = reader.heap.brought(node, Brought.items);
  if (appended !== nothing) return collectionValue("list", reader.heap.items(appended), reader);
  const base = startsWith(reader.heap, node, Kind.list);
  return base === undefined ? undefined : collectionValue("list", reader.heap.items(base), reader);
}

function entries(reader: Reader, node: number): Mapping | undefined {
  const set = reader.heap.brought(node, Brought.entries);
  if (set !== nothing) return mappingValue(reader.heap.items(set), reader);
  const base = startsWith(reader.heap, node, Kind.dict);
  return base === undefined ? undefined : mappingValue(reader.heap.items(base), reader);
}

function startsWith(heap: Heap, node: number, kind: Kind): number | undefined {
  if (!/^copy_?reg\._reconstructor$/.test(calleeOf(heap, node) ?? "")) return undefined;
  const base = argumentsOf(heap, node)[2] ?? 0;
  return !isNone(heap, base) && heap.kind(base) === kind ? base : undefined;
}
