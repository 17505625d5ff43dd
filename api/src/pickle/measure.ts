import { eachStretch } from "./children";
import type { Dangers } from "./dangers";
import type { Heap } from "./heap";

/** Things within things: Python's own pickler gives up before. */
const deepest = 1000;
/** So many objects may come of each that stands in the file, on average, and so many in any case. */
const mostTimes = 1000;
const alwaysFine = 100_000_000;

/**
 * How deep things go, and how many they would be if they were written out without sharing: a list that holds a list
 * twice, which holds a list twice, … is small in memory and endless to whoever walks through it.
 */
export function measure(heap: Heap, dangers: Dangers, at: number): void {
  const walk = new Walk(heap);
  for (let node = 1; node < heap.count && !walk.isTooDeep; node++) walk.visit(node, 1);
  if (walk.isTooDeep) dangers.add("depth", `It nests more than ${deepest} deep: nothing honest does.`, at);
  else if (walk.largest > Math.max(alwaysFine, mostTimes * heap.count))
    dangers.add("expansion", `Shared parts make ${walk.largest.toPrecision(3)} objects of ${heap.count}.`, at);
}

class Walk {
  isTooDeep = false;
  largest = 0;
  private readonly sizes: Float32Array;
  private readonly depths: Int16Array;
  /** Of what is visited at present. */
  private size = 0;
  private depth = 0;

  constructor(private readonly heap: Heap) {
    // In a tree nothing counts twice, and nothing needs to be counted.
    this.sizes = new Float32Array(heap.isShared ? heap.count : 0);
    this.depths = new Int16Array(heap.count);
  }

  /** It recurses, but never more than `deepest` times. */
  visit(node: number, level: number): void {
    if (this.depths[node] !== 0 || this.isTooDeep) return;
    if (level > deepest) {
      this.isTooDeep = true;
      return;
    }
    const { size, depth } = this;
    this.size = 1;
    this.depth = 0;
    // Whoever meets it below itself meets a cycle, which adds nothing.
    this.depths[node] = -1;
    eachStretch(this.heap, node, level, this.add);
    this.sizes[node] = this.size;
    this.depths[node] = this.depth + 1;
    this.largest = Math.max(this.largest, this.size);
    if (this.depth + 1 > deepest) this.isTooDeep = true;
    this.size = size;
    this.depth = depth;
  }

  private readonly add = (place: number, count: number, level: number): void => {
    for (let at = place; at < place + count; at++) {
      const child = this.heap.link(at);
      if (child < 0) continue;
      this.visit(child, level + 1);
      this.size += this.sizes[child] ?? 0;
      this.depth = Math.max(this.depth, this.depths[child] ?? 0);
    }
  };
}
