import { CannotFollow, type Dangers, EndsEarly } from "./dangers";
import { grown, type Heap } from "./heap";
import type { Judge } from "./judge";
import { opcodes, protocolOf } from "./opcodes";

/** Marks within marks: deeper than Python itself would write. */
const mostMarks = 1000;
const mostSelves = 16;
const mostUnmarked = 1 << 16;
/** More is no file that was cut off: none that Picklepod reads is that long. */
const longest = 2 ** 31;

export type Opcode = (machine: Machine, at: number) => void;
export type OpcodeTable = readonly (Opcode | undefined)[];

/**
 * Python's unpickler, except that nothing is made or called: it follows the opcodes of one pickle and notes in the heap
 * what they would make. What each opcode does is in literal-, collection-, memo- and object-opcodes.ts.
 */
export class Machine {
  stack = new Int32Array(256);
  top = 0;
  /** What stands below belongs to the last mark, and cannot be popped. */
  fence = 0;
  position: number;
  /** As PROTO says it, or, without PROTO, the highest that an opcode belongs to. */
  protocol = 0;
  /** Where the present frame ends: frames only tell an unpickler how far to read ahead. */
  frameEnd = 0;
  ended = false;
  /** Whether bytes of an array of joblib's stand padded, as joblib has written them since 1.2. */
  hasPaddedArrays = false;
  private readonly marks: number[] = [];
  private memo = new Int32Array(256);
  private remembered = 0;
  private selves = 0;

  constructor(
    readonly heap: Heap,
    readonly judge: Judge,
    readonly dangers: Dangers,
    private readonly table: OpcodeTable,
    private readonly start: number,
    /** A pickle within a joblib stream: it has no arrays of joblib's between its own opcodes. */
    readonly nested = false,
  ) {
    this.position = start;
  }

  get bytes(): Buffer {
    return this.heap.bytes;
  }

  /**
   * Follows it up to STOP and returns the root.
   * @throws CannotFollow
   */
  run(): number {
    const { bytes, table } = this;
    const isTold = bytes[this.position] === opcodes.PROTO;
    while (!this.ended) {
      const at = this.position++;
      if (at >= bytes.length) throw new EndsEarly("malformed", "It ends before its last opcode.", at);
      const code = bytes[at] ?? 0;
      const opcode = table[code];
      if (opcode === undefined) throw new CannotFollow("malformed", `0x${code.toString(16)} is no opcode.`, at);
      if (!isTold) this.protocol = Math.max(this.protocol, protocolOf(code));
      opcode(this, at);
    }
    if (this.top !== 1 || this.marks.length > 0)
      throw new CannotFollow("malformed", "It ends with something else than one object.", this.position - 1);
    return this.stack[0] ?? 0;
  }

  /** Follows a pickle of its own that starts here; this one goes on behind it. */
  followNested(): number {
    const inner = new Machine(this.heap, this.judge, this.dangers, this.table, this.position, true);
    const root = inner.run();
    this.position = inner.position;
    return root;
  }

  push(reference: number): void {
    if (this.top === this.stack.length) this.makeRoom();
    this.stack[this.top++] = reference;
  }

  private makeRoom(): void {
    // Every level of honest nesting leaves a handful on the stack; only above a mark may there be more.
    if (this.marks.length === 0 && this.top >= mostUnmarked)
      throw new CannotFollow("depth", `${this.top} things wait on its stack without a mark.`, this.position - 1);
    this.stack = grown(new Int32Array(this.top * 2), this.stack);
  }

  demand(count: number, at: number): void {
    if (this.top - count < this.fence) throw underflow(at);
  }

  pop(at: number): number {
    this.demand(1, at);
    return this.stack[--this.top] ?? 0;
  }

  peek(at: number): number {
    this.demand(1, at);
    return this.stack[this.top - 1] ?? 0;
  }

  mark(at: number): void {
    if (this.marks.length === mostMarks)
      throw new CannotFollow("depth", `More than ${mostMarks} marks are open at once.`, at);
    this.marks.push(this.fence);
    this.fence = this.top;
  }

  /** Opens what the last mark closed off; the values from the returned place on stood above it. */
  closeMark(at: number): number {
    const before = this.marks.pop();
    if (before === undefined) throw underflow(at);
    const from = this.fence;
    this.fence = before;
    return from;
  }

  /** POP alone may also take away a mark. */
  dropTop(at: number): void {
    if (this.top > this.fence) this.top--;
    else this.closeMark(at);
  }

  remember(index: number, at: number): void {
    const reference = this.peek(at);
    if (index > this.position - this.start)
      throw new CannotFollow("expansion", `It asks for a memo of ${index} places, more than it has bytes.`, at);
    if (index >= this.memo.length)
      this.memo = grown(new Int32Array(Math.max(this.memo.length * 2, index + 1)), this.memo);
    if (this.memo[index] === 0) {
      this.remembered++;
      this.heap.limits.make();
    }
    this.memo[index] = reference;
  }

  /** MEMOIZE: in the next free place, as Python counts them. */
  rememberNext(at: number): void {
    this.remember(this.remembered, at);
  }

  recall(index: number, at: number): void {
    const reference = this.memo[index] ?? 0;
    if (reference === 0) throw new CannotFollow("malformed", `Its memo has nothing at ${index}.`, at);
    if (reference > 0) this.heap.isShared = true;
    this.push(reference);
  }

  /** A thing that holds itself again and again is endless to whoever walks through it. */
  countSelf(target: number, from: number, to: number, at: number): void {
    for (let place = from; place < to; place++) if (this.stack[place] === target) this.selves++;
    if (this.selves > mostSelves) throw new CannotFollow("expansion", "It puts things into themselves.", at);
  }

  /** Moves on by `length` bytes, which must be there; returns where they start. */
  take(length: number, at: number): number {
    const start = this.position;
    const rest = this.bytes.length - start;
    if (length > rest) {
      const Cause = length < longest ? EndsEarly : CannotFollow;
      throw new Cause("length", `It says ${length} bytes follow, and ${rest} do.`, at);
    }
    this.position = start + length;
    return start;
  }

  /** The same for what an opcode always has. */
  step(length: number, at: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) throw new EndsEarly("malformed", "It ends within an opcode.", at);
    this.position = start + length;
    return start;
  }

  /** Moves on behind the end of the line; returns the line without it. */
  line(at: number): string {
    const start = this.position;
    const end = this.bytes.indexOf(0x0a, start);
    if (end < 0) throw new EndsEarly("malformed", "It ends within a line.", at);
    this.position = end + 1;
    return this.bytes.toString("utf8", start, end);
  }
}

function underflow(at: number): CannotFollow {
  return new CannotFollow("malformed", "It takes more from its stack than is there.", at);
}
