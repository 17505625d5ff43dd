import { arrayStateFault } from "./array-rules";
import { anyArguments, isCollection, latin1Names, type Rule, when } from "./class-rules";
import { isTooEmpty, shapeOf } from "./dtype";
import { own } from "./gate";
import { Kind } from "./heap";
import { fault, type Knowledge, latin1Length } from "./knowledge";
import { methodFault, methodRule } from "./method-rules";
import { partialRule } from "./partial-rules";
import { isNone, numberOf, textOf } from "./scalar";
import { globalName, tupleItems } from "./shapes";
import { laterFault } from "./later-rules";
import { spendData } from "./spending";
import { dictsFault, plainDictFault } from "./state-rules";

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

const arrays: ReadonlySet<string | undefined> = new Set([
  "numpy.ndarray",
  "numpy.matrix",
  "numpy.matrixlib.defmatrix.matrix",
  "numpy.recarray",
  "numpy.rec.recarray",
]);

const isArrayClass = ({ heap }: Knowledge, reference: number): boolean => arrays.has(globalName(heap, reference));

/** (0,) and a type of one letter: the empty array that BUILD fills. */
function isEmptyArray(known: Knowledge, shape: number | undefined, letter: number | undefined): boolean {
  const sides = tupleItems(known.heap, shape ?? 0);
  return sides?.length === 1 && numberOf(known.heap, sides[0] ?? 0) === 0 && known.dataLength(letter ?? 0) === 1;
}

const reconstruct: Rule = (known, args) =>
  when(
    args.length === 3 && isArrayClass(known, args[0] ?? 0) && isEmptyArray(known, args[1], args[2]),
    "for something else than an empty array",
  );

const mareconstruct: Rule = (known, args) => {
  const [masked = 0, base = 0, shape, letter] = args;
  const isMasked = /^numpy\.ma\.(core\.)?MaskedArray$/.test(globalName(known.heap, masked) ?? "");
  const isRight = isMasked && globalName(known.heap, base) === "numpy.ndarray" && isEmptyArray(known, shape, letter);
  return when(args.length === 4 && isRight, "for something else than an empty masked array");
};

const scalar: Rule = (known, args) => {
  const dtype = known.useDtype(args[0] ?? 0);
  const length = args[1] === undefined ? largestOfZeros : known.dataLength(args[1]);
  const isRight = dtype && !dtype.hasObject && args.length <= 2 && length !== undefined && length >= dtype.size;
  if (isRight) known.heap.limits.spend(dtype.size);
  return when(isRight === true, "for something else than a plain number or text");
};
/** Without its bytes a scalar is made of as many zeros as its type says. */
const largestOfZeros = 4096;

const frombuffer: Rule = (known, args) => {
  const [buffer = 0, type = 0, sides = 0, order = 0] = args;
  const dtype = known.useDtype(type);
  const shape = shapeOf(known.heap, sides);
  const length = known.byteLength(buffer);
  const isOrder = ["C", "F"].includes(textOf(known.heap, order) ?? "");
  if (args.length !== 4 || !dtype || dtype.hasObject || !shape || length === undefined || !isOrder)
    return when(false, "for something else than an array's bytes");
  const cells = shape.reduce((product, side) => product * side, 1);
  if (isTooEmpty(dtype, cells)) return when(false, "for items without a byte");
  const demanded = cells * dtype.size;
  return demanded === length ? undefined : fault("length", `with ${length} bytes for an array of ${demanded}`);
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
  return dictsFault(known, state) ?? methodFault(known, 0, state) ?? laterFault(known, global, state);
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

const bitgenerator: Rule = (known, args) => {
  const [made] = args;
  const isRight =
    made === undefined ||
    known.isText(made) ||
    (known.isClass(made) && /^numpy\.random\b/.test(known.named(made)?.module ?? ""));
  return when(args.length <= 1 && isRight, "for something that is no generator of numpy's");
};

const randomstate: Rule = (known, args) => {
  const [generator, constructor] = args;
  const isGenerator = generator === undefined || known.isText(generator) || isInstance(known, generator);
  const isConstructor = constructor === undefined || known.verdict(constructor)?.constructorRule === "bitgenerator";
  return when(args.length <= 2 && isGenerator && isConstructor, "for something that is no generator of numpy's");
};

/** No array, function or method. */
const isInstance = (known: Knowledge, reference: number): boolean =>
  known.heap.kind(reference) === Kind.instance &&
  !known.isData(reference) &&
  !known.isMethod(reference) &&
  !known.isMadeBy(reference, "partial");

const createArray: Rule = (known, args, callee) => {
  const [maker = 0, makerArguments = 0, state = 0, attributes] = args;
  const inner = tupleItems(known.heap, makerArguments);
  const isMaker = known.verdict(maker)?.constructorRule === "reconstruct";
  if (args.length < 3 || args.length > 4 || !isMaker || !inner) return when(false, "for something that is no array");
  return (
    reconstruct(known, inner, callee) ??
    anyArguments(known, args.subarray(2), callee) ??
    arrayStateFault(known, state) ??
    (attributes === undefined || isNone(known.heap, attributes) ? undefined : plainDictFault(known, attributes))
  );
};

/** pytz opens the file of that name below its own folder. */
const zone: Rule = (known, args) => {
  const [name = 0, offset, saving, short] = args;
  const isZone = /^[\w+-]{1,40}(\/[\w+-]{1,40}){0,3}$/.test(textOf(known.heap, name) ?? "");
  const isWhole = [offset, saving].every((one) => one !== undefined && known.isInteger(one));
  const isRight = isZone && (args.length === 1 || (args.length === 4 && isWhole && known.isText(short ?? 0)));
  return when(isRight, "for what is no name of a zone");
};

/** Those whose result is a global or a module are in judge.ts: they are followed to it. */
export const constructorRules: Readonly<Record<string, Rule>> = {
  any: anyArguments,
  encode,
  reconstructor,
  reconstruct,
  mareconstruct,
  scalar,
  frombuffer,
  pyx,
  new: newObject,
  index,
  bitgenerator,
  randomstate,
  "create-array": createArray,
  method: methodRule,
  partial: partialRule,
  complete: anyArguments,
  zone,
};
