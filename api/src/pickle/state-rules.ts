import { isArgumentParser } from "./distribution-template";
import { Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { isNone, textOf } from "./scalar";
import { tupleItems } from "./shapes";

/** Functions that wrap others carry these along. */
const harmless: ReadonlySet<string> = new Set(["__doc__", "__name__"]);

/** A dict whose keys are plain attribute names. */
export function plainDictFault(known: Knowledge, dict: number): Fault | undefined {
  if (known.heap.kind(dict) !== Kind.dict) return fault("build", "with attributes that are no dict");
  const items = known.heap.items(dict);
  known.heap.limits.walk(items.length / 2);
  for (let at = 0; at < items.length; at += 2) {
    const key = textOf(known.heap, items[at] ?? 0);
    if (key === undefined) return fault("build", "with a state that has a key that is no text");
    if (key.startsWith("__") && key.endsWith("__") && !harmless.has(key))
      return fault("build", `with a state that sets ${JSON.stringify(key.slice(0, 80))}`);
  }
  return undefined;
}

/** It becomes a state: nothing may be set in it any more. */
function dictFault(known: Knowledge, dict: number): Fault | undefined {
  known.closed.add(dict);
  return plainDictFault(known, dict);
}

/** A dict, or a tuple of two that are each a dict or None. */
export function plainStateFault(known: Knowledge, state: number): Fault | undefined {
  const { heap } = known;
  if (heap.kind(state) === Kind.dict) return dictFault(known, state);
  const both = tupleItems(heap, state);
  const isPlain = both?.length === 2 && [...both].every((item) => isNone(heap, item) || heap.kind(item) === Kind.dict);
  if (!isPlain) return fault("build", "with a state that is no dict");
  return firstFault(known, both);
}

/** The dicts in a tuple that sets attributes by them. */
export const dictsFault = (known: Knowledge, tuple: number): Fault | undefined =>
  firstFault(known, tupleItems(known.heap, tuple) ?? new Int32Array());

function firstFault(known: Knowledge, items: Int32Array): Fault | undefined {
  known.heap.limits.walk(items.length);
  for (const item of items) {
    const found = known.heap.kind(item) === Kind.dict ? dictFault(known, item) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Also what a __setstate__ of its own takes: a tuple, a list, a text, a number, bytes, an array. */
export function anyStateFault(known: Knowledge, state: number): Fault | undefined {
  const { heap } = known;
  if (heap.kind(state) === Kind.dict) return dictFault(known, state);
  const items = tupleItems(heap, state);
  // Python sets attributes by a pair's second dict, also by an OrderedDict.
  if (items?.length === 2 && hasDictHeir(known, state)) return fault("build", "with a dict of another kind than dict");
  if (items) return firstFault(known, items);
  const kind = heap.kind(state);
  const isPlain = kind === undefined || kind === Kind.list || kind === Kind.joblibArray || known.isData(state);
  return isPlain ? undefined : fault("build", "with a state that is no dict, tuple, list, text or number");
}

/** Python takes such an heir for a dict of attributes, and nobody looked at its keys. */
export const hasDictHeir = (known: Knowledge, tuple: number): boolean =>
  tupleItems(known.heap, tuple)?.some((item) => isDictHeir(known, item)) === true;

function isDictHeir(known: Knowledge, reference: number): boolean {
  const maker = known.maker(reference);
  return maker?.isClass === true && (maker.rule === "dict" || maker.rule === "defaultdict");
}

/** The dicts that a state consists of. */
export function dictsOf({ heap }: Knowledge, state: number): readonly number[] {
  return [state, ...(tupleItems(heap, state) ?? [])].filter((item) => heap.kind(item) === Kind.dict);
}

/** Every value that a state's dicts have under a key: a later one hides an earlier one, but not from us. */
export function* valuesUnder(known: Knowledge, state: number, key: string): Iterable<number> {
  for (const dict of dictsOf(known, state)) {
    const items = known.heap.items(dict);
    for (let at = 0; at < items.length; at += 2)
      if (textOf(known.heap, items[at] ?? 0) === key) yield items[at + 1] ?? 0;
  }
}

/** scipy executes a distribution's template, which must be its own; and it takes a tuple of pairs for a dict. */
export function distributionFault(known: Knowledge, state: number): Fault | undefined {
  const { heap } = known;
  const both = tupleItems(heap, state);
  if (both) {
    const isLong = both.length === 2 && heap.kind(both[0] ?? 0) === Kind.dict && heap.length(both[0] ?? 0) > 4;
    if (!isLong) return fault("build", "with a state that scipy does not write");
  }
  const form = both ? firstFault(known, both) : plainStateFault(known, state);
  if (form) return form;
  for (const template of valuesUnder(known, state, "_parse_arg_template")) {
    if (!isArgumentParser(textOf(heap, template) ?? ""))
      return fault("formula", "with a template that is not scipy's own: scipy would execute it");
  }
  return undefined;
}
