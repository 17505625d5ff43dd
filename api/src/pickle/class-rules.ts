import { Kind, type NamedGlobal } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { booleanOf, isEmptyTuple, isNone, numberOf, textOf } from "./scalar";
import { plainDtype } from "./dtype";
import { rangeLength } from "./spending";

/** What is wrong with the arguments of a call. */
export type Rule = (known: Knowledge, args: Int32Array, callee: NamedGlobal) => Fault | undefined;

export const when = (isRight: boolean, what: string): Fault | undefined =>
  isRight ? undefined : fault("arguments", what);

export const isCollection = ({ heap }: Knowledge, reference: number | undefined, kinds: readonly Kind[]): boolean => {
  if (reference === undefined) return false;
  const kind = isEmptyTuple(heap, reference) ? Kind.tuple : heap.kind(reference);
  return kind !== undefined && kinds.includes(kind);
};

export const anyArguments: Rule = (known, args) =>
  when(!args.some((reference) => known.isStrict(reference)), "with a class or constructor among its arguments");

const none: Rule = (_, args) => when(args.length === 0, "with arguments, which pickles never give it");

/** Nothing, or one collection; and perhaps something more. */
const collected =
  (kinds: readonly Kind[], more?: (known: Knowledge, reference: number) => boolean): Rule =>
  (known, args, callee) => {
    const [first, second] = args;
    const isRight =
      first === undefined ||
      (isCollection(known, first, kinds) &&
        (second === undefined || (args.length === 2 && more?.(known, second) === true)));
    return when(isRight, "with other arguments than a collection of things") ?? anyArguments(known, args, callee);
  };

const defaultdict: Rule = (known, args) => {
  const [factory, content] = args;
  const isRight =
    args.length <= 2 &&
    (factory === undefined || isNone(known.heap, factory) || isValueOrForeign(known, factory)) &&
    (content === undefined || isCollection(known, content, [Kind.dict, Kind.list]));
  return when(isRight, "with other arguments than a plain function and a dict");
};

const isValueOrForeign = (known: Knowledge, reference: number): boolean =>
  known.verdict(reference)?.isValue === true || known.isForeign(reference);

export const latin1Names: ReadonlySet<string | undefined> = new Set(["latin1", "latin-1"]);

const bytearray: Rule = (known, args) => {
  const [content, encoding] = args;
  const isRight =
    content === undefined ||
    (args.length === 1 && known.byteLength(content) !== undefined) ||
    (args.length === 2 && known.isText(content) && latin1Names.has(textOf(known.heap, encoding ?? 0)));
  if (isRight && content !== undefined) known.heap.limits.spend(known.dataLength(content) ?? 0);
  return when(isRight, "with something else than bytes");
};

const dtype: Rule = ({ heap }, args) => {
  const isFlag = (reference: number | undefined): boolean =>
    reference !== undefined &&
    (booleanOf(heap, reference) !== undefined || [0, 1].includes(Number(numberOf(heap, reference) ?? NaN)));
  const isRight = args.length === 3 && isFlag(args[1]) && isFlag(args[2]);
  return when(isRight && plainDtype.test(textOf(heap, args[0] ?? 0) ?? ""), "with another argument than a plain type");
};

/** A text with an exponent would be multiplied out: 1e9999999999 does not end. */
const fraction: Rule = (known, args) => {
  const isPlain = args.length === 1 && /^[-+]?\d{1,4300}(\/\d{1,4300})?$/.test(textOf(known.heap, args[0] ?? 0) ?? "");
  const areIntegers = (args.length === 0 || args.length === 2) && args.every((one) => known.isInteger(one));
  return when(isPlain || areIntegers, "with something else than a fraction's numbers");
};

const range: Rule = (known, args) => {
  const areIntegers = args.length > 0 && args.length < 4 && args.every((one) => known.isInteger(one));
  return when(areIntegers && rangeLength(known, args) <= longestRange, "with more numbers than anyone has");
};
const longestRange = 1_000_000;

export const classRules: Readonly<Record<string, Rule>> = {
  "": none,
  any: anyArguments,
  dict: collected([Kind.dict, Kind.list, Kind.tuple]),
  defaultdict,
  list: collected(
    [Kind.list, Kind.tuple, Kind.set],
    (known, reference) => isNone(known.heap, reference) || known.isInteger(reference),
  ),
  items: collected([Kind.list, Kind.tuple, Kind.set, Kind.dict]),
  fraction,
  range,
  bytes: none,
  bytearray,
  dtype,
  wrapper: none,
  distribution: none,
};
