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
}

/** What the rules need to know of what stands in the heap. */
export class Knowledge {
  /** Dicts that were a state, and lists in one that were looked at: a check of them must stay true. */
  readonly closed = new Set<number>();
  /** Dtypes that something was already made with, or that were built: they must not change. */
  readonly settled = new Set<number>();
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
   * copyreg._reconstructor makes an instance of its first argument.
   */
  maker(reference: number): Maker | undefined {
    if (this.heap.kind(reference) !== Kind.instance || this.isForeign(reference)) return undefined;
    const maker = this.makerOf(this.heap.link(this.heap.first(reference)));
    return maker?.rule === "reconstructor" ? this.makerOf(argumentsOf(this.heap, reference)[0] ?? 0) : maker;
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

  isClass(reference: number): boolean {
    return this.verdict(reference)?.classRule !== undefined;
  }

  /** What may be called but must not be kept, for something could call it later; or a tuple that holds such a thing. */
  isStrict(reference: number): boolean {
    if (reference < 0) return false;
    const verdict = this.verdict(reference);
    return verdict ? !verdict.isValue && !verdict.isForeign : this.strictTuples.has(reference);
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
