import { buildFault } from "./build-rules";
import { classRules } from "./class-rules";
import { constructorRules } from "./constructor-rules";
import { CannotFollow, type Dangers } from "./dangers";
import { followedTo } from "./followed-calls";
import { foreignName } from "./foreign-names";
import { foreign, type Gate, own, type Verdict } from "./gate";
import { type Heap, Kind, type NamedGlobal } from "./heap";
import { type Fault, Knowledge } from "./knowledge";
import { textOf } from "./scalar";
import { globalName, tupleItems } from "./shapes";
import { spendRange } from "./spending";
import { isKeptUnder } from "./method-rules";

/** An honest model names some hundred at most. */
const mostGlobals = 10_000;

/** What REDUCE, NEWOBJ and their kin ask for. */
export interface Call {
  readonly callee: number;
  readonly args: number;
  readonly keywords: number;
  /** REDUCE calls; NEWOBJ asks a class for an empty instance. */
  readonly isReduce: boolean;
}

/** Whether what a pickle asks for is something that an honest one asks for; if not, a danger is told. */
export class Judge {
  readonly known: Knowledge;
  private readonly nodes = new Map<string, number>();

  constructor(
    private readonly heap: Heap,
    private readonly dangers: Dangers,
    private readonly gate: Gate,
    /** Modules of the bundle's own code. */
    private readonly code: ReadonlySet<string>,
  ) {
    this.known = new Knowledge(heap);
  }

  /** The node of a global that the pickle names. */
  name(module: string, name: string, at: number): number {
    const key = `${module} ${name}`;
    const present = this.nodes.get(key);
    if (present !== undefined) return present;
    if (this.nodes.size === mostGlobals)
      throw new CannotFollow("length", `It names more than ${mostGlobals} globals: nothing honest does.`, at);
    const node = this.heap.addGlobal(module, name, this.verdictOn(module, name, at));
    this.nodes.set(key, node);
    return node;
  }

  /** @returns what a call to dill's or numpy's look-ups stands for; or what else comes of it */
  call(call: Call, at: number): number | "instance" | "refused" {
    const named = this.known.named(call.callee);
    if (!named) {
      if (!this.known.isForeign(call.callee))
        this.dangers.add("call", "It calls something that is no class or function by name.", at);
      return "refused";
    }
    const { verdict, full } = named;
    if (verdict.isForeign) return "refused";
    const rule = verdict.classRule ?? (call.isReduce ? verdict.constructorRule : undefined);
    if (rule === undefined) {
      this.dangers.add("call", `It calls ${full}, which an honest pickle only mentions.`, at, full);
      return "refused";
    }
    const args = tupleItems(this.heap, call.args) ?? new Int32Array();
    this.countUse(args, call.keywords);
    const followed = followedTo(this.known, this.gate, rule, args);
    if (followed !== undefined) return followed;
    const fault = this.argumentsFault(named, rule, args, call.keywords);
    if (!fault) return "instance";
    // An instance of custom code, whose danger is told.
    if (args.length > 0 && this.known.isForeign(args[0] ?? 0)) return "refused";
    this.tell(fault, `It calls ${full}`, at, full);
    return "refused";
  }

  private countUse(args: Int32Array, keywords: number): void {
    const { heap, known } = this;
    heap.limits.walk(args.length);
    for (const one of args) spendRange(known, one);
    const given = keywords >= 0 ? heap.items(keywords) : [];
    heap.limits.walk(given.length);
    for (const one of given) spendRange(known, one);
  }

  private argumentsFault(named: NamedGlobal, rule: string, args: Int32Array, keywords: number): Fault | undefined {
    const hasKeywords = keywords >= 0 && this.heap.length(keywords) > 0;
    if (hasKeywords && rule !== "any") return { code: "arguments", what: "with keywords, which pickles never give it" };
    const check = (named.verdict.classRule === undefined ? constructorRules : classRules)[rule];
    return check ? check(this.known, args, named) : { code: "arguments", what: "in a way that honest pickles do not" };
  }

  /** Something comes to stand where values do: a strict global must not. */
  keep(source: Int32Array, from: number, to: number, at: number): void {
    for (let place = from; place < to; place++) {
      const reference = source[place] ?? 0;
      if (reference < 0 || !this.known.isStrict(reference)) continue;
      const full = globalName(this.heap, reference) ?? "a constructor";
      this.dangers.add("arguments", `It keeps ${full} as a value: something could call it later.`, at, full);
    }
  }

  /** The same for the keys and values of a dict, which may keep a method until it is a state. */
  keepEntries(dict: number, source: Int32Array, from: number, to: number, at: number): void {
    for (let place = from; place < to; place++) {
      const isValue = (place - from) % 2 === 1;
      if (isValue && this.known.isMethod(source[place] ?? 0) && isKeptUnder(textOf(this.heap, source[place - 1] ?? 0)))
        this.known.holders.add(dict);
      else this.keep(source, place, place + 1, at);
    }
  }

  /** Whether SETITEMS, APPENDS or ADDITEMS may go to something that is no plain dict, list or set. */
  mayGrow(target: number, brings: "items" | "members" | "entries", at: number): boolean {
    const maker = this.known.maker(target);
    if (this.known.isForeign(target)) return this.heap.kind(target) === Kind.instance;
    const rules = brings === "items" ? ["list"] : brings === "entries" ? ["dict", "defaultdict"] : [];
    const isOwn = maker?.global.verdict === own;
    if (maker && (isOwn || (maker.isClass && rules.includes(maker.rule)))) return true;
    this.dangers.add("call", "It appends to what is no list, dict or set: that calls a method of it.", at);
    return false;
  }

  build(target: number, state: number, at: number): void {
    if (this.known.isForeign(target)) return;
    const name = globalName(this.heap, target) ?? this.known.maker(target)?.global.full;
    const fault = buildFault(this.known, target, state);
    if (fault && this.known.isMadeBy(target, "wrapper"))
      throw new CannotFollow(
        "arguments",
        "A joblib array has a state that joblib does not write: its end is unknown.",
        at,
      );
    if (fault) this.tell(fault, `It sets the state of ${name ?? "what is no instance"}`, at, name);
    this.keep(Int32Array.of(state), 0, 1, at);
  }

  /** SETITEMS on a dict that was a state, and so was checked; APPENDS to a list in one. */
  changeState(dict: number, at: number): void {
    if (this.known.closed.has(dict))
      this.dangers.add("build", "It changes the state of an object after that was checked.", at);
  }

  private tell(fault: Partial<Fault>, start: string, at: number, full: string | undefined): void {
    const what = fault.what === undefined ? start : `${start} ${fault.what}`;
    this.dangers.add(fault.code ?? "arguments", `${what}.`, at, full);
  }

  private verdictOn(module: string, name: string, at: number): Verdict {
    const honest = this.gate.honest.get(`${module} ${name}`);
    if (!name.includes(".") && this.code.has(module)) return own;
    if (honest) return honest;
    const { code, what, named } = foreignName(this.gate, module, name);
    this.dangers.add(code, what, at, named);
    return foreign;
  }
}
