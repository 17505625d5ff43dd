import { type Dtype, dtypeOf } from "./dtype";
import type { Verdict } from "./gate";
import { type Heap, How, Kind, type NamedGlobal } from "./heap";
import type { DangerCode } from "./reading";
import { bytesLengthOf, numberOf, textOf } from "./scalar";
import { argumentsOf } from "./shapes";

/** What is wrong, in words that follow on `module.name`. */
export interface Fault {
  readonly code: DangerCode;
  readonly what: string;
}
export const fault = (code: DangerCode, what: string): Fault => ({ code, what });

export interface Maker {
  readonly global: NamedGlobal;
  readonly rule: string;
  readonly isClass: boolean;
  /** Cython's own classes have a tuple for a state, where others have a dict. */
  readonly takesAnyState?: boolean;
}
/** Constructors that make an instance of their first argument, whose class's rules hold for it. */
const ofFirst: ReadonlySet<string> = new Set(["reconstructor", "pyx", "new", "index"]);

/** What the rules need to know of what stands in the heap. */
export class Knowledge {
  /** Dicts that were a state, and lists in one that were looked at: a check of them must stay true. */
  readonly closed = new Set<number>();
  /** Dtypes that something was already made with, or that were built: they must not change. */
  readonly settled = new Set<number>();
  /** Dicts with a method in them that no BUILD has looked at yet. */
  readonly holders = new Set<number>();
  private readonly strictTuples = new Set<number>();
  private readonly dtypes = new Map<number, Dtype | undefined>();

  constructor(readonly heap: Heap) {}

  named(reference: number): NamedGlobal | undefined {
    return this.heap.kind(reference) === Kind.global ? this.heap.globals[this.heap.first(reference)] : undefined;
  }

  verdict(reference: number): Verdict | undefined {
    return this.named(reference)?.verdict;
  }

  /** Made by something that is already told, or by what cannot be known. */
  isForeign(reference: number): boolean {
    const { heap } = this;
    const kind = heap.kind(reference);
    if (kind === Kind.global) return this.verdict(reference)?.isForeign === true;
    if (kind !== Kind.instance) return false;
    const place = heap.first(reference);
    return heap.link(place + 3) === How.refused || this.verdict(heap.link(place))?.isForeign === true;
  }

  /**
   * The rule by which an instance was made, and whether it is a class's; undefined for what is none, or is foreign.
   * copyreg._reconstructor and its kin make an instance of their first argument.
   */
  maker(reference: number): Maker | undefined {
    if (this.heap.kind(reference) !== Kind.instance || this.isForeign(reference)) return undefined;
    const maker = this.makerOf(this.heap.link(this.heap.first(reference)));
    if (maker === undefined || maker.isClass || !ofFirst.has(maker.rule)) return maker;
    const made = this.makerOf(argumentsOf(this.heap, reference)[0] ?? 0);
    return made && { ...made, takesAnyState: maker.rule === "pyx" };
  }

  private makerOf(callee: number): Maker | undefined {
    const global = this.named(callee);
    if (!global) return undefined;
    const { classRule: ofClass, constructorRule: ofConstructor } = global.verdict;
    const rule = ofClass ?? ofConstructor;
    return rule === undefined ? undefined : { global, rule, isClass: ofClass !== undefined };
  }

  isMadeBy(reference: number, rule: string): boolean {
    return this.maker(reference)?.rule === rule;
  }

  /** What getattr gives: see method-rules.ts. */
  isMethod(reference: number): boolean {
    return this.heap.kind(reference) === Kind.instance && this.isMadeBy(reference, "method");
  }

  isClass(reference: number): boolean {
    return this.verdict(reference)?.classRule !== undefined;
  }

  /** What must not be kept, for something could call it later: a class, a method; or a tuple that holds such a thing. */
  isStrict(reference: number): boolean {
    if (reference < 0) return false;
    const verdict = this.verdict(reference);
    if (verdict) return !verdict.isValue && !verdict.isForeign;
    return this.strictTuples.has(reference) || this.isMethod(reference);
  }

  noteTuple(tuple: number, source: Int32Array, from: number, to: number): void {
    for (let at = from; at < to; at++)
      if (this.isStrict(source[at] ?? 0)) {
        this.strictTuples.add(tuple);
        return;
      }
  }

  /** A dtype that something is made with: from now on it must stay as it is. */
  useDtype(reference: number): Dtype | undefined {
    if (this.settled.has(reference) && this.dtypes.has(reference)) return this.dtypes.get(reference);
    const dtype = this.isMadeBy(reference, "dtype") ? dtypeOf(this.heap, reference) : undefined;
    if (dtype) {
      this.settled.add(reference);
      this.dtypes.set(reference, dtype);
    }
    return dtype;
  }

  /** An array, a dtype or bytes. */
  isData(reference: number): boolean {
    return dataRules.has(this.maker(reference)?.rule ?? "");
  }

  isText(reference: number): boolean {
    return textOf(this.heap, reference) !== undefined;
  }

  isInteger(reference: number): boolean {
    return numberOf(this.heap, reference) !== undefined;
  }

  /** Of bytes, or of a text that numpy takes for bytes; undefined for anything else. */
  byteLength(reference: number): number | undefined {
    const { heap } = this;
    const length = bytesLengthOf(heap, reference);
    if (length !== undefined) return length;
    const maker = this.maker(reference);
    if (!maker) return undefined;
    const [first] = argumentsOf(heap, reference);
    if (first === undefined) return maker.rule === "bytes" || maker.rule === "bytearray" ? 0 : undefined;
    if (maker.rule === "encode") return latin1Length(heap, first);
    if (maker.rule === "bytearray") return this.byteLength(first) ?? latin1Length(heap, first);
    return undefined;
  }

  /** numpy also takes a text of Python 2 for an array's bytes. */
  dataLength(reference: number): number | undefined {
    return this.byteLength(reference) ?? latin1Length(this.heap, reference);
  }
}

const dataRules: ReadonlySet<string> = new Set([
  "reconstruct",
  "mareconstruct",
  "frombuffer",
  "create-array",
  "dtype",
  "encode",
  "bytes",
  "bytearray",
]);

/** How many bytes a text is in Latin-1; undefined where it is no text, or none of Latin-1. */
export function latin1Length(heap: Heap, reference: number): number | undefined {
  const text = textOf(heap, reference);
  if (text === undefined) return undefined;

  return /^[\0-\xff]*$/.test(text) ? text.length : undefined;
}
