import { anyArguments, isCollection, latin1Names, type Rule, when } from "./class-rules";
import { own } from "./gate";
import { Kind } from "./heap";
import { latin1Length } from "./knowledge";
import { methodFault, methodRule } from "./method-rules";
import { numpyRules } from "./numpy-rules";
import { partialRule } from "./partial-rules";
import { isNone, textOf } from "./scalar";
import { globalName, tupleItems } from "./shapes";
import { laterFault } from "./later-rules";
import { spendData } from "./spending";
import { dictsFault, hasDictHeir, plainDictFault } from "./state-rules";

const encode: Rule = ({ heap }, args) => {
  const isRight = args.length === 2 && latin1Names.has(textOf(heap, args[1] ?? 0));
  const length = isRight ? latin1Length(heap, args[0] ?? 0) : undefined;
  heap.limits.spend(length ?? 0);
  return when(length !== undefined, "for something else than bytes in Latin-1");
};

const bases: Readonly<Record<string, readonly string[]>> = {
  dict: ["dict"],
  defaultdict: ["dict"],
  list: ["list"],
  items: ["set", "frozenset", "tuple"],
  any: ["tuple"], // a named tuple, below protocol 2
};
/** What Python makes by their own functions alone. */
const neverOfObject: ReadonlySet<string> = new Set(["dtype", "bytes", "bytearray", "items", "fraction"]);
const containers: readonly Kind[] = [Kind.dict, Kind.list, Kind.set, Kind.frozenset, Kind.tuple];

const reconstructor: Rule = (known, args) => {
  const { heap } = known;
  const [made = 0, base = 0, content = 0] = args;
  if (args.length !== 3 || !known.isClass(made)) return when(false, "for something that is no honest class");
  const name = /^(?:builtins|__builtin__)\.(\w+)$/.exec(globalName(heap, base) ?? "")?.[1] ?? "";
  if (name === "object") {
    const isPlain = isNone(heap, content) && !neverOfObject.has(known.verdict(made)?.classRule ?? "");
    return when(isPlain, "with a state for an object, or for what is none");
  }
  const isHeir = bases[known.verdict(made)?.classRule ?? ""]?.includes(name) === true || known.verdict(made) === own;
  return when(
    isHeir && isCollection(known, content, containers) && !known.isStrict(content),
    "with a base that is not its own",
  );
};

const packageOf = (module: string | undefined): string | undefined => module?.split(".")[0];

/** Cython sets the fields of an instance by the tuple, and its attributes by a dict in that. */
const pyx: Rule = (known, args, callee) => {
  const [made = 0, checksum = 0, state = 0] = args;
  const global = known.named(made);
  const isRight =
    args.length === 3 &&
    global !== undefined &&
    known.isClass(made) &&
    packageOf(global.module) === packageOf(callee.module) &&
    known.isInteger(checksum) &&
    (isNone(known.heap, state) || tupleItems(known.heap, state) !== undefined);
  if (!isRight || known.isStrict(state)) return when(false, "for something that is no honest class of its own");
  return (
    dictsFault(known, state) ??
    methodFault(known, 0, state) ??
    laterFault(known, global, state) ??
    when(!hasDictHeir(known, state), "with a dict of another kind than dict")
  );
};

/** The trees and distances of scikit-learn, each by the function of its own module. */
const newObject: Rule = (known, args, callee) => {
  const [made = 0] = args;
  const isOwn = known.named(made)?.module === callee.module && known.verdict(made)?.classRule === "any";
  return when(args.length === 1 && isOwn, "for something that is no honest class of its own");
};

const index: Rule = (known, args) => {
  const [made = 0, content = 0] = args;
  const isIndex = /^pandas(\..*)?\.\w*Index$/.test(known.named(made)?.full ?? "");
  const isRight = args.length === 2 && known.isClass(made) && isIndex;
  const isIndexOf = isRight && !plainDictFault(known, content);
  if (isIndexOf) for (const item of known.heap.items(content)) spendData(known, item);
  return when(isIndexOf, "for something that is no index of pandas");
};

/** pytz opens the file of that name below its own folder. */
const zone: Rule = (known, args) => {
  const [name = 0, offset, saving, short] = args;
  const isZone = /^[\w+-]{1,40}(\/[\w+-]{1,40}){0,3}$/.test(textOf(known.heap, name) ?? "");
  const isWhole = [offset, saving].every((one) => one !== undefined && known.isInteger(one));
  const isRight = isZone && (args.length === 1 || (args.length === 4 && isWhole && known.isText(short ?? 0)));
  return when(isRight, "for what is no name of a zone");
};

/** Those whose result is a global or a module are in followed-calls.ts. */
export const constructorRules: Readonly<Record<string, Rule>> = {
  any: anyArguments,
  encode,
  reconstructor,
  ...numpyRules,
  pyx,
  new: newObject,
  index,
  method: methodRule,
  partial: partialRule,
  complete: anyArguments,
  zone,
};
