import type { Verdict } from "./gate";
import { Limits } from "./limits";

/**
 * What a pickle would make, in a few typed arrays: ten million small objects must not cost ten million of ours.
 *
 * A reference is an Int32: below zero a literal (a number, a text, None…), by its opcode's place: `~place`; from zero on a
 * node. A node is its kind and two numbers; what belongs to it (a list's items, a dict's keys and values in turn) stands
 * in `links`, in segments [count, next, …items], or, for tuples, bare.
 */
export const Kind = {
  tuple: 1,
  list: 2,
  set: 3,
  frozenset: 4,
  dict: 5,
  global: 6,
  /** links: callee, arguments, keyword arguments, how; see instance(). */
  instance: 7,
  /** links: wrapper, data's place, data's length; see joblib-array.ts. */
  joblibArray: 8,
  module: 9,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const Brought = { state: 0, items: 1, entries: 2 } as const;
export type Brought = (typeof Brought)[keyof typeof Brought];

/** How an instance came to be. `refused`: by a call that is a danger, so that nothing is known of it. */
export const How = { reduce: 0, newobj: 1, newobjWithKeywords: 2, refused: 3 } as const;

/** No reference: where a node has no state, no keyword arguments… */
export const nothing = -0x80000000;

/** A node's second number where there is nothing: links[0] is never used. */
const none = 0;

export interface NamedGlobal {
  readonly module: string;
  readonly name: string;
  /** `module.name` */
  readonly full: string;
  readonly verdict: Verdict;
  readonly isNamed: boolean;
}

export class Heap {
  /** Node 0 is never used, so that 0 can stand for an empty place of the memo. */
  count = 1;
  readonly globals: NamedGlobal[] = [];
  /** A node was taken out of the memo, or twice: without that, the whole is a tree. */
  isShared = false;
  private readonly modules: string[] = [];
  private linked = 1;
  private kinds: Uint8Array<ArrayBuffer>;
  private firsts: Int32Array<ArrayBuffer>;
  private seconds: Int32Array<ArrayBuffer>;
  private links: Int32Array<ArrayBuffer>;

  readonly limits: Limits;

  constructor(
    readonly bytes: Buffer,
    fileSize: number,
  ) {
    this.limits = new Limits(bytes.length, fileSize);
    // Pages that are never touched cost nothing, so that room for the worst case is cheaper than growing.
    const room = Math.min(Math.max(bytes.length, 64), 1 << 25);
    this.kinds = new Uint8Array(room);
    this.firsts = new Int32Array(room);
    this.seconds = new Int32Array(room);
    this.links = new Int32Array(room * 2);
  }

  add(kind: Kind, first: number, second: number): number {
    if (this.count === this.kinds.length) this.makeNodeRoom();
    const node = this.count++;
    this.kinds[node] = kind;
    this.firsts[node] = first;
    this.seconds[node] = second;
    return node;
  }

  /** Undefined for a literal. */
  kind(reference: number): Kind | undefined {
    return reference < 0 ? undefined : (this.kinds[reference] as Kind);
  }

  first(node: number): number {
    return this.firsts[node] ?? 0;
  }

  second(node: number): number {
    return this.seconds[node] ?? 0;
  }

  link(place: number): number {
    return this.links[place] ?? 0;
  }

  setLink(place: number, value: number): void {
    this.links[place] = value;
  }

  /** Room for `length` numbers in links. */
  reserve(length: number): number {
    if (this.linked + length > this.links.length) this.makeLinkRoom(length);
    const place = this.linked;
    this.linked += length;
    return place;
  }

  /** @param isNamed whether the pickle names it as such; else it comes of a call that looks it up */
  addGlobal(module: string, name: string, verdict: Verdict, isNamed = true): number {
    this.globals.push({ module, name, full: `${module}.${name}`, verdict, isNamed });
    return this.add(Kind.global, this.globals.length - 1, 0);
  }

  /** A module that dill would import. */
  addModule(name: string): number {
    this.modules.push(name);
    return this.add(Kind.module, this.modules.length - 1, 0);
  }

  moduleName(reference: number): string | undefined {
    return this.kind(reference) === Kind.module ? this.modules[this.first(reference)] : undefined;
  }

  /** The instance that calling something makes; its state, items and entries come later. */
  instance(callee: number, args: number, keywords: number, how: number): number {
    const place = this.reserve(4);
    this.links[place] = callee;
    this.links[place + 1] = args;
    this.links[place + 2] = keywords;
    this.links[place + 3] = how;
    this.limits.make();
    return this.add(Kind.instance, place, none);
  }

  tuple(source: Int32Array, from: number, to: number): number {
    this.limits.make();
    const place = this.reserve(to - from);
    for (let at = from; at < to; at++) this.links[place + at - from] = source[at] ?? 0;
    return this.add(Kind.tuple, place, to - from);
  }

  /** The place in links of what came to an instance after it was made: [state, items, entries]. */
  extension(instance: number): number {
    const present = this.seconds[instance] ?? 0;
    if (present !== none) return present;
    const place = this.reserve(3);
    this.links.fill(nothing, place, place + 3);
    this.seconds[instance] = place;
    return place;
  }

  /** What BUILD or the appends brought to an instance, or `nothing`. */
  brought(instance: number, what: Brought): number {
    const place = this.seconds[instance] ?? 0;
    return place === none ? nothing : (this.links[place + what] ?? 0);
  }

  /** The list or dict that an instance's appends go to. */
  grows(instance: number, what: typeof Brought.items | typeof Brought.entries): number {
    const place = this.extension(instance) + what;
    if (this.links[place] === nothing)
      this.links[place] = this.add(what === Brought.items ? Kind.list : Kind.dict, none, none);
    return this.links[place] ?? 0;
  }

  /** An empty list, set, frozenset or dict. */
  collection(kind: Kind): number {
    this.limits.make();
    return this.add(kind, none, none);
  }

  append(node: number, source: Int32Array, from: number, to: number): void {
    const count = to - from;
    if (count === 0) return;
    let segment = this.seconds[node] ?? 0;
    const end = segment + 2 + (this.links[segment] ?? 0);
    if (segment === none || end !== this.linked) segment = this.addSegment(node);
    const place = this.reserve(count);
    for (let at = 0; at < count; at++) this.links[place + at] = source[from + at] ?? 0;
    this.links[segment] = (this.links[segment] ?? 0) + count;
  }

  /** Everything in a tuple or collection, in order; a dict's keys and values in turn. */
  items(node: number): Int32Array {
    const first = this.first(node);
    if (this.kinds[node] === Kind.tuple) return this.links.subarray(first, first + this.second(node));
    if (first === this.second(node)) return this.segment(first);
    const all = new Int32Array(this.length(node));
    let filled = 0;
    for (let segment = first; segment !== none; segment = this.link(segment + 1)) {
      all.set(this.segment(segment), filled);
      filled += this.link(segment);
    }
    return all;
  }

  length(node: number): number {
    if (this.kinds[node] === Kind.tuple) return this.second(node);
    let length = 0;
    for (let segment = this.first(node); segment !== none; segment = this.link(segment + 1))
      length += this.link(segment);
    return length;
  }

  private segment(place: number): Int32Array {
    return place === none ? new Int32Array() : this.links.subarray(place + 2, place + 2 + this.link(place));
  }

  private addSegment(node: number): number {
    const segment = this.reserve(2);
    this.links[segment] = 0;
    this.links[segment + 1] = none;
    const last = this.seconds[node] ?? 0;
    if (last === none) this.firsts[node] = segment;
    else this.links[last + 1] = segment;
    this.seconds[node] = segment;
    return segment;
  }

  private makeNodeRoom(): void {
    this.kinds = grown(new Uint8Array(this.kinds.length * 2), this.kinds);
    this.firsts = grown(new Int32Array(this.firsts.length * 2), this.firsts);
    this.seconds = grown(new Int32Array(this.seconds.length * 2), this.seconds);
  }

  private makeLinkRoom(length: number): void {
    this.links = grown(new Int32Array(this.links.length * 2 + length), this.links);
  }
}

export function grown<A extends Uint8Array | Int32Array>(larger: A, smaller: A): A {
  larger.set(smaller);
  return larger;
}
