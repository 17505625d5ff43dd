import { arrayStateFault } from "./array-rules";
import { anyArguments, type Rule, when } from "./class-rules";
import { isTooEmpty, shapeOf } from "./dtype";
import { type Heap, Kind } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { booleanOf, isNone, numberOf, textOf } from "./scalar";
import { globalName, tupleItems } from "./shapes";

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
    (attributes === undefined || isNone(known.heap, attributes) ? undefined : attributesFault(known, attributes))
  );
};

/** What an array has in its __dict__ is read by name, as a design by statsmodels, and no BUILD looks at it. */
function attributesFault(known: Knowledge, attributes: number): Fault | undefined {
  const { heap } = known;
  known.closed.add(attributes);
  const isDict = heap.kind(attributes) === Kind.dict;
  return when(isDict && (heap.length(attributes) === 0 || isMatrixs(heap, attributes)), "with attributes of its own");
}

/** Every numpy.matrix has this one, which is set while a row is taken out of it. */
function isMatrixs(heap: Heap, attributes: number): boolean {
  const [key = 0, value = 0, ...others] = heap.items(attributes);
  return others.length === 0 && textOf(heap, key) === "_getitem" && booleanOf(heap, value) !== undefined;
}

/** numpy's own constructors: of arrays, scalars and generators. */
export const numpyRules: Readonly<Record<string, Rule>> = {
  reconstruct,
  mareconstruct,
  scalar,
  frombuffer,
  bitgenerator,
  randomstate,
  "create-array": createArray,
};
