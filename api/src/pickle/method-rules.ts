import { type Rule, when } from "./class-rules";
import { own } from "./gate";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { textOf } from "./scalar";
import { argumentsOf } from "./shapes";
import { dictsOf } from "./state-rules";

/**
 * The methods of their own that scipy's distributions and statsmodels' counts keep, and pickle as a call of getattr. Of
 * such a call only the name of what it gives is known: where the state of the same object had something else under that
 * name, it would be that, of any class. So no state may have one of these names, and what getattr gives is a kind of its
 * own, which nothing may build or call, and which stays only where libraries keep it.
 */
const entropy = ["_entropy"];
const hessians = ["_hessian_logit", "_hessian_probit"];
const ownNames: ReadonlySet<string | undefined> = new Set([...entropy, ...hessians]);
const counts: ReadonlySet<string> = new Set(
  ["GenericZeroInflated", "ZeroInflatedPoisson", "ZeroInflatedGeneralizedPoisson", "ZeroInflatedNegativeBinomialP"].map(
    (name) => `statsmodels.discrete.count_model.${name}`,
  ),
);
const vectorized: ReadonlySet<string | undefined> = new Set(["numpy.vectorize", "numpy.lib.function_base.vectorize"]);
/** numpy's vectorize keeps any function; a count keeps its own. */
const ofVectorize = "pyfunc";
const ofCount = "_hessian_inflate";

export const isKeptUnder = (key: string | undefined): boolean => key === ofVectorize || key === ofCount;

export const methodRule: Rule = (known, args) => {
  const maker = known.maker(args[0] ?? 0);
  const isCount = maker?.isClass === true && maker.rule === "" && counts.has(maker.global.full);
  const allowed = isCount ? hessians : maker?.isClass === true && maker.rule === "distribution" ? entropy : [];
  const isMethod = allowed.includes(textOf(known.heap, args[1] ?? 0) ?? "");
  return when(args.length === 2 && isMethod, "for something else than a method of its own");
};

/** What a state may have of methods; the dicts that hold one and were no state are told at the end. */
export function methodFault(known: Knowledge, target: number, state: number): Fault | undefined {
  let found: Fault | undefined;
  for (const dict of dictsOf(known, state)) {
    known.holders.delete(dict);
    found ??= dictFault(known, target, dict);
  }
  return found;
}

function dictFault(known: Knowledge, target: number, dict: number): Fault | undefined {
  const items = known.heap.items(dict);
  const maker = known.maker(target);
  for (let at = 0; at < items.length; at += 2) {
    const key = textOf(known.heap, items[at] ?? 0);
    if (ownNames.has(key) && maker?.global.verdict !== own)
      return fault("build", `with ${key ?? ""}, which is a method: it could be anything`);
    const value = items[at + 1] ?? 0;
    if (known.isMethod(value) && !isKeptHere(known, target, value, key))
      return fault("arguments", "with a method that is not its own: something could call it later");
  }
  return undefined;
}

function isKeptHere(known: Knowledge, target: number, method: number, key: string | undefined): boolean {
  if (key === ofCount) return argumentsOf(known.heap, method)[0] === target;
  const maker = known.maker(target);
  return key === ofVectorize && maker?.isClass === true && vectorized.has(maker.global.full);
}
