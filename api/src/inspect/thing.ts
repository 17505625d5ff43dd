import type { Instance, Value } from "../pickle/value";
import { packageOf } from "./estimators/class-name";
import { isEstimator, toEstimator } from "./estimators/estimator";
import { cellOf, cellsOf, shapeOf, textsOf, valuesOf } from "./estimators/read-value";
import type { Thing } from "./inspection";
import { isOwnCode } from "./known-packages";

/** As deep as files are nested by people; a list's first members and a dict's first entries stand for the rest. */
const deepest = 12;
const mostEntries = 1_000;
const mostTexts = 20_000;

/** What a value is, as a person thinks of it. */
export function toThing(value: Value | undefined, depth = 0): Thing {
  if (value === undefined || depth > deepest) return { kind: "other", class: "unknown" };
  switch (value.kind) {
    case "instance":
      return fromInstance(value, depth);
    case "global":
      return named(`${value.module}.${value.name}`);
    case "dict":
      return { kind: "dict", entries: entriesOf(value.entries(), depth) };
    case "list":
    case "tuple":
    case "set":
      return listed(value, depth);
    case "array":
      return value.shape.length === 0 ? { kind: "value", value: cellOf(value) } : arrayed(value, value.dtype);
    case "opaque":
      return { kind: "other", class: value.what };
    case "bytes":
      return { kind: "other", class: `${value.value.length} bytes` };
    default:
      return { kind: "value", value: cellOf(value) };
  }
}

const named = (name: string): Thing =>
  isOwnCode(packageOf(name)) ? { kind: "foreign", class: name } : { kind: "other", class: name };

function* firstEntries(entries: Iterable<readonly [Value, Value]>): Iterable<readonly [Value, Value]> {
  let count = 0;
  for (const entry of entries) {
    if (++count > mostEntries) return;
    yield entry;
  }
}

function entriesOf(entries: Iterable<readonly [Value, Value]>, depth: number): [string | number, Thing][] {
  return [...firstEntries(entries)].map(([key, value]) => {
    const cell = cellOf(key);
    return [typeof cell === "number" ? cell : String(cell), toThing(value, depth + 1)];
  });
}

function listed(value: Extract<Value, { kind: "list" | "tuple" | "set" }>, depth: number): Thing {
  const texts = value.length <= mostTexts ? textsOf(value) : undefined;
  const first = valuesOf(value, texts === undefined ? 16 : 4).map((member) => toThing(member, depth + 1));
  return { kind: "list", length: value.length, first, ...(texts === undefined ? {} : { texts }) };
}

function arrayed(value: Value, dtype: string): Thing {
  const shape = shapeOf(value) ?? [];
  const isFew = shape.length === 1 && (shape[0] ?? 0) <= mostTexts;
  const texts = isFew ? textsOf(value) : undefined;
  return { kind: "array", dtype, shape, ...(texts === undefined ? {} : { texts }) };
}

function fromInstance(instance: Instance, depth: number): Thing {
  if (isEstimator(instance)) return toEstimator(instance, (value) => toThing(value, depth + 1));
  if (isOwnCode(packageOf(instance.class))) return { kind: "foreign", class: instance.class };
  if (instance.class.startsWith("pandas.") && cellsOf(instance, 1) !== undefined) return arrayed(instance, "Index");
  if (instance.entries !== undefined && isPlainDict(instance.class)) {
    return { kind: "dict", entries: entriesOf(instance.entries.entries(), depth) };
  }
  return { kind: "other", class: instance.class };
}

const isPlainDict = (className: string): boolean => /^collections\.|\.Bunch$/.test(className);
