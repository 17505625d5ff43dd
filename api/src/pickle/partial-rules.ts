import { type Rule, when } from "./class-rules";
import { Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { bytesLengthOf, isNone } from "./scalar";
import { argumentsOf, globalName, tupleItems } from "./shapes";
import { plainDictFault } from "./state-rules";

/** scikit-learn's own partials hold dtype=[np.float64]. */
const types: ReadonlySet<string | undefined> = new Set([
  ...["float32", "float64", "int32", "int64", "object_", "bool_"].map((name) => `numpy.${name}`),
  ...["float", "int", "object", "str", "bool"].flatMap((name) => [`builtins.${name}`, `__builtin__.${name}`]),
]);
/** More than any function takes. */
const mostItems = 64;

/** functools.partial: around a function that only computes. */
export const partialRule: Rule = (known, args) =>
  when(
    args.length === 1 && known.verdict(args[0] ?? 0)?.mayBeWrapped === true,
    "around a function that it may not wrap",
  );

/** (function, arguments, keywords, attributes): the same function again, and plain data. It is built once. */
export function partialStateFault(known: Knowledge, target: number, state: number): Fault | undefined {
  const { heap } = known;
  if (known.settled.has(target)) return fault("build", "again");
  known.settled.add(target);
  const items = tupleItems(heap, state);
  if (items?.length !== 4) return fault("build", "in another form than Python writes");
  const [wrapped = 0, given = 0, keywords = 0, attributes = 0] = items;
  const name = globalName(heap, wrapped);
  if (name === undefined || name !== globalName(heap, argumentsOf(heap, target)[0] ?? 0))
    return fault("build", "with another function than it was made of");
  const told = tupleItems(heap, given);
  if (!told || told.length > mostItems || !told.every((item) => isPlain(known, item)))
    return fault("build", "with arguments that are no plain data");
  if (!isNone(heap, attributes) && !(heap.kind(attributes) === Kind.dict && heap.length(attributes) === 0))
    return fault("build", "with attributes of its own");
  known.closed.add(attributes);
  return isNone(heap, keywords) ? undefined : keywordsFault(known, keywords);
}

function keywordsFault(known: Knowledge, keywords: number): Fault | undefined {
  const { heap } = known;
  if (heap.kind(keywords) === Kind.dict && heap.length(keywords) > 2 * mostItems)
    return fault("build", "with more keywords than any function takes");
  const odd = plainDictFault(known, keywords);
  if (odd) return odd;
  known.closed.add(keywords);
  const items = heap.items(keywords);
  const arePlain = items.every((item, place) => place % 2 === 0 || isPlain(known, item));
  return arePlain ? undefined : fault("build", "with keywords that are no plain data");
}

function isPlain(known: Knowledge, reference: number): boolean {
  const { heap } = known;
  if (isSingle(known, reference)) return true;
  if (heap.kind(reference) === Kind.list) known.closed.add(reference);
  else if (!tupleItems(heap, reference)) return false;
  if (reference >= 0 && heap.length(reference) > mostItems) return false;
  const items = heap.kind(reference) === Kind.list ? heap.items(reference) : tupleItems(heap, reference);
  return items?.every((item) => isSingle(known, item)) === true;
}

/** A text, a number, a truth value or None; or the type of one. */
function isSingle({ heap }: Knowledge, reference: number): boolean {
  const isLiteral = reference < 0 && bytesLengthOf(heap, reference) === undefined && !tupleItems(heap, reference);
  return isLiteral || types.has(globalName(heap, reference));
}
