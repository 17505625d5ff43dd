import { arrayValue, rawBytes } from "./array-value";
import { type Heap, Kind } from "./heap";
import { collectionValue, mappingValue } from "./collection-value";
import { instanceValue } from "./instance-value";
import { isEmptyTuple, scalar } from "./scalar";
import { argumentsOf, calleeOf, tupleItems } from "./shapes";
import type { Value } from "./value";

/** The nodes on the way from the root: to meet one of them again is a cycle. */
export interface Way {
  readonly node: number;
  readonly before: Way | undefined;
}

export interface Reader {
  readonly heap: Heap;
  /** A value further in. */
  readonly value: (reference: number) => Value;
}

/** What a reference stands for; its members are read when they are asked for. */
export function valueOf(heap: Heap, reference: number, before?: Way): Value {
  if (reference < 0) return literal(heap, reference);
  for (let way = before; way; way = way.before)
    if (way.node === reference) return { kind: "opaque", what: "a cycle: something that holds itself" };
  const way = { node: reference, before };
  const reader: Reader = { heap, value: (inner) => valueOf(heap, inner, way) };
  switch (heap.kind(reference)) {
    case Kind.tuple:
      return collectionValue("tuple", heap.items(reference), reader);
    case Kind.list:
      return collectionValue("list", heap.items(reference), reader);
    case Kind.set:
    case Kind.frozenset:
      return collectionValue("set", heap.items(reference), reader);
    case Kind.dict:
      return mappingValue(heap.items(reference), reader);
    case Kind.global:
      return globalValue(heap, reference);
    case Kind.instance:
    case Kind.joblibArray:
      return madeValue(reader, reference);
    default:
      return { kind: "opaque", what: "something that is not in the file" };
  }
}

function literal(heap: Heap, reference: number): Value {
  if (isEmptyTuple(heap, reference))
    return collectionValue("tuple", new Int32Array(), { heap, value: (inner) => valueOf(heap, inner) });
  return scalar(heap, reference) ?? { kind: "opaque", what: "a literal that cannot be read" };
}

function globalValue(heap: Heap, reference: number): Value {
  const { module = "", name = "" } = heap.globals[heap.first(reference)] ?? {};
  return { kind: "global", module, name };
}

const sets = new Set(["builtins.set", "builtins.frozenset", "__builtin__.set", "__builtin__.frozenset"]);
const byteMakers = new Set(["_codecs.encode", "builtins.bytearray", "__builtin__.bytearray", "builtins.bytes"]);

function madeValue(reader: Reader, reference: number): Value {
  const { heap } = reader;
  const array = arrayValue(heap, reference, reader.value);
  if (array) return array;
  const callee = calleeOf(heap, reference) ?? "";
  if (byteMakers.has(callee)) return { kind: "bytes", value: rawBytes(heap, reference) };
  return sets.has(callee)
    ? collectionValue("set", membersOf(heap, reference), reader)
    : instanceValue(reader, reference);
}

/** Protocols below 4 write a set as a call with a list. */
function membersOf(heap: Heap, made: number): Int32Array {
  const [members = 0] = argumentsOf(heap, made);
  return tupleItems(heap, members) ?? (heap.kind(members) === Kind.list ? heap.items(members) : new Int32Array());
}
