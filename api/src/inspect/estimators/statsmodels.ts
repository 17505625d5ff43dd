import type { Instance, Value } from "../../pickle/value";
import type { Estimator, InputFact } from "../inspection";
import { instanceOf, lengthOf, mappingOf, shapeOf, textOf, textsOf } from "./read-value";
import { tableColumns } from "./table-columns";
import { tableValues } from "./table-values";

export const isResult = (className: string): boolean =>
  className.startsWith("statsmodels.") && /Results?(?:Wrapper)?$/.test(className);

/** A model of a time's course predicts from its own past, not from rows. */
const isOfTime = (className: string): boolean => className.startsWith("statsmodels.tsa.");

/** A statsmodels result, wrapped or bare: it predicts from the columns that it was fitted with, the constant among them. */
export function toResult(wrapper: Instance): Estimator {
  const { width, names, formula, frame } = readResult(wrapper);
  const inputs = formula === undefined ? columns(width, names) : asSeen(variablesOf(formula), frame);
  return {
    kind: "estimator",
    class: wrapper.class,
    library: "statsmodels",
    version: undefined,
    role: "predictor",
    takes: formula === undefined ? "numbers" : "table",
    answers: isOfTime(wrapper.class) ? [] : ["predict"],
    width: formula === undefined ? width : inputs.length,
    makes: undefined,
    names: formula === undefined ? names : inputs.flatMap(({ name }) => name ?? []),
    classes: undefined,
    inputs: isOfTime(wrapper.class) ? [] : inputs,
    parts: [],
    settings: formula === undefined ? {} : { formula },
  };
}

function readResult(wrapper: Instance) {
  const result = instanceOf(wrapper.attribute("_results")) ?? wrapper;
  const model = instanceOf(result.attribute("model"));
  const data = instanceOf(model?.attribute("data"));
  const names =
    textsOf(data?.attribute("xnames")) ??
    textsOf(model?.attribute("exog_names")) ??
    textsOf(mappingOf(data?.attribute("_cache"))?.get("xnames")) ??
    textsOf(data?.attribute("param_names")) ??
    tableColumns(data?.attribute("orig_exog"));
  const width = shapeOf(model?.attribute("exog"))?.[1] ?? lengthOf(result.attribute("params")) ?? names?.length;
  return {
    width,
    names: names?.length === width ? names : undefined,
    formula: textOf(model?.attribute("formula")),
    frame: data?.attribute("frame"),
  };
}

const MOST_LEVELS = 1000;

/** The table of the training lies in the pickle, for a formula's terms are made of it again: it has the levels. */
function asSeen(variables: readonly InputFact[], frame: Value | undefined): InputFact[] {
  const table = tableValues(frame);
  return variables.map((variable) => {
    const seen = table.get(variable.name ?? "");
    if (seen === undefined || seen.values.length === 0) return variable;
    const isCategory = variable.type === "category" || seen.isCategory;
    if (isCategory && seen.values.length <= MOST_LEVELS)
      return { ...variable, type: "category", categories: seen.values, unknown: "error" };
    const [low, high] = [seen.values[0], seen.values.at(-1)];
    return typeof low === "number" && typeof high === "number" ? { ...variable, range: [low, high] } : variable;
  });
}

const columns = (width: number | undefined, names: readonly string[] | undefined): InputFact[] =>
  Array.from({ length: width ?? 0 }, (_, place) => ({ name: names?.[place], place, type: "number", nullable: false }));

/** The variables of `y ~ a + b:C(c)`, each once; those in C(…) are categories. Functions' names are none. */
function variablesOf(formula: string): InputFact[] {
  const right = formula.slice(formula.indexOf("~") + 1);
  const words = right.matchAll(/(C\s*\(\s*)?(?:Q\(\s*["']([^"']+)["']\s*\)|(?<![\w.])([A-Za-z_]\w*)(?!\s*[\w(.]))/g);
  const found = new Map<string, InputFact["type"]>();
  for (const [, category, quoted, plain] of words) {
    const name = quoted ?? plain;
    if (name !== undefined && !found.has(name)) found.set(name, category === undefined ? "unknown" : "category");
  }
  return [...found].map(([name, type], place) => ({ name, place, type, nullable: false }));
}
