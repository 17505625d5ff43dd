import { isPlainFormula } from "./formula";
import { Kind, type NamedGlobal } from "./heap";
import { type Fault, fault, type Knowledge } from "./knowledge";
import { own } from "./gate";
import { booleanOf, isNone, textOf } from "./scalar";
import { tupleItems } from "./shapes";
import { dictsOf, valuesUnder } from "./state-rules";

/** scikit-learn looks these up by getattr, and calls what it finds with the rows. */
const methodKeys = [
  ...["stack_method_", "stack_method", "response_method", "_response_method"],
  ...["chain_method_", "chain_method"],
];
const methods: ReadonlySet<string | undefined> = new Set(
  "auto predict predict_proba predict_log_proba decision_function transform score score_samples".split(" "),
);
/** What statsmodels hands to patsy or formulaic: a text there is a formula. */
const design = /design_info|model_spec/;
/** Flags of theirs, before and since 0.15: the formula beside them is what is evaluated. */
const flags: ReadonlySet<string> = new Set(["restore_design_info", "restore_model_spec"]);
const parts = ["model", "_results", "data"];
const evaluates = /^(statsmodels|patsy)(\.|$)/;

/** What stands in a state and is called or evaluated later, when the model answers. */
export function laterFault(known: Knowledge, made: NamedGlobal, state: number): Fault | undefined {
  if (made.verdict === own) return undefined;
  return (
    methodsFault(known, state) ??
    (hasDesign(known, state)
      ? fault("formula", "with a design that statsmodels would evaluate as a formula")
      : undefined) ??
    (made.module === "sklearn.feature_extraction.text" ? inputFault(known, state) : undefined) ??
    (made.module.startsWith("sklearn.feature_selection.") ? getterFault(known, state) : undefined) ??
    (evaluates.test(made.module) ? evaluatedFault(known, state) : undefined)
  );
}

function methodsFault(known: Knowledge, state: number): Fault | undefined {
  for (const key of methodKeys)
    for (const named of valuesUnder(known, state, key)) {
      if (known.heap.kind(named) === Kind.list) known.closed.add(named);
      if (!isMethod(known, named) && !areMethods(known, named))
        return fault("build", `with a ${key} that is none of scikit-learn's: it would call whatever that names`);
    }
  return undefined;
}

const isMethod = ({ heap }: Knowledge, named: number): boolean =>
  isNone(heap, named) || methods.has(textOf(heap, named));

function areMethods(known: Knowledge, named: number): boolean {
  const { heap } = known;
  const isCollection = heap.kind(named) === Kind.list || heap.kind(named) === Kind.tuple;
  if (isCollection && heap.length(named) > mostMethods) return false;
  const items = heap.kind(named) === Kind.list ? heap.items(named) : tupleItems(heap, named);
  return items?.every((item) => isMethod(known, item)) === true;
}
const mostMethods = 64;

function inputFault(known: Knowledge, state: number): Fault | undefined {
  for (const input of valuesUnder(known, state, "input"))
    if (textOf(known.heap, input) !== "content")
      return fault("build", "with another input than content: it would open files that whoever asks it names");
  return undefined;
}

/** A path of plain attributes, for operator.attrgetter; or a function that computes. */
function getterFault(known: Knowledge, state: number): Fault | undefined {
  const { heap } = known;
  for (const getter of valuesUnder(known, state, "importance_getter")) {
    const parts = textOf(heap, getter)?.split(".");
    const isFunction = known.named(getter) !== undefined || known.isMadeBy(getter, "partial") || isOwn(known, getter);
    const isPath = parts?.every((part) => part !== "" && !part.startsWith("_")) ?? (isFunction || isNone(heap, getter));
    if (!isPath) return fault("build", "with an importance_getter that is no path of plain attributes");
  }
  return undefined;
}

const isOwn = (known: Knowledge, reference: number): boolean =>
  known.isForeign(reference) || known.maker(reference)?.global.verdict === own;

/** statsmodels hands a state's formula to patsy, and patsy its parts to eval. */
function evaluatedFault(known: Knowledge, state: number): Fault | undefined {
  const { heap } = known;
  for (const formula of valuesUnder(known, state, "formula")) {
    const text = textOf(heap, formula);
    if (!isNone(heap, formula) && (text === undefined || !isPlainFormula(text)))
      return fault("formula", "with a formula that is more than plain terms: patsy would evaluate it");
  }
  for (const key of parts)
    for (const part of valuesUnder(known, state, key))
      if (!isPart(known, part)) return fault("formula", `with a ${key} that could hold any formula`);
  return undefined;
}

function hasDesign(known: Knowledge, state: number): boolean {
  const { heap } = known;
  return dictsOf(known, state).some((dict) => {
    const items = heap.items(dict);
    for (let at = 0; at < items.length; at += 2) {
      const key = textOf(heap, items[at] ?? 0) ?? "";
      const value = items[at + 1] ?? 0;
      const isFlag = flags.has(key) && booleanOf(heap, value) !== undefined;
      if (design.test(key) && !isFlag && !isNone(heap, value)) return true;
    }
    return false;
  });
}

/** Any instance could have an attribute `design_info`, or a label of that name: only statsmodels' own are looked at. */
function isPart(known: Knowledge, part: number): boolean {
  const maker = known.maker(part);
  if (maker === undefined || known.isData(part)) return true;
  const { module, verdict } = maker.global;
  return verdict === own || (maker.isClass && maker.rule === "" && evaluates.test(module));
}
