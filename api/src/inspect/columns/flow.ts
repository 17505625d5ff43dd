import type { Instance, Value } from "../../pickle/value";
import { nameOf } from "../estimators/class-name";
import { isSampler, isVectorizer, kindOf } from "../estimators/kinds";
import { isDropped, isPassedThrough, isSearch, partsOf } from "../estimators/parts";
import { instanceOf } from "../estimators/read-value";
import { handedOnTo } from "../estimators/takes";
import { widthOf } from "../estimators/width";
import { selectors } from "./choose";
import { type Column, type Flow, changed, look, lookForNumbers, made } from "./column";
import { encoderOf } from "./encode";
import { imputers } from "./impute";
import { isMixing, mixing, vectorizing } from "./mix";
import { pickedBy } from "./picked-columns";
import { learnedByPredictor } from "./predict";
import { functionTransformer, scalers } from "./scale";

/** Follows columns through an estimator's transform (or, of what predicts, into it). */
export function flowOf(estimator: Instance): Flow {
  const name = nameOf(estimator.class);
  if (isSampler(estimator.class)) return (columns) => columns;
  if (name === "Pipeline") return pipeline(estimator);
  if (name === "ColumnTransformer") return columnTransformer(estimator);
  if (name === "FeatureUnion") return union(estimator);
  if (name === "FunctionTransformer") return functionTransformer(estimator);
  if (isVectorizer(name)) return vectorizing(estimator);
  const inner = isSearch(name) ? instanceOf(partsOf(estimator)[0]?.value) : undefined;
  if (inner !== undefined) return flowOf(inner);
  return checked(estimator, handing(estimator, simpleFlow(estimator, name)));
}

/** Of a wrapper's columns the estimator inside knows most. */
function handing(estimator: Instance, flow: Flow): Flow {
  const inner = handedOnTo(estimator);
  if (inner === undefined) return flow;
  return (columns) => {
    flowOf(inner)(columns);
    return flow(columns);
  };
}

function simpleFlow(estimator: Instance, name: string): Flow {
  const table = encoderOf(estimator) ?? scalers[name] ?? imputers[name] ?? selectors[name];
  if (table !== undefined) return table(estimator);
  if (kindOf(estimator.class)?.role === "predictor") return learnedByPredictor(estimator);
  if (isMixing(estimator)) return mixing(estimator);
  if (name === "TfidfTransformer") return weighing;
  return unknown;
}

/** A column a word, and a number in each. */
const weighing: Flow = (columns) => {
  for (const column of columns) lookForNumbers(column);
  return columns.map(changed);
};

/** Whatever it is, it looks at all of them. */
const unknown: Flow = (columns) => {
  for (const column of columns) look(column, undefined);
  return undefined;
};

/** Columns of another number are not those that it was fitted with. */
const checked =
  (estimator: Instance, flow: Flow): Flow =>
  (columns) =>
    columns.length === (widthOf(estimator) ?? columns.length) ? flow(columns) : unknown(columns);

/** One step after the other; after a step that nobody can follow, later ones get columns of their own. */
function pipeline(estimator: Instance): Flow {
  const steps = partsOf(estimator);
  return (columns) => {
    let on: readonly Column[] | undefined = columns;
    for (const { value } of steps) {
      if (isPassedThrough(value)) continue;
      const step = instanceOf(value);
      if (step === undefined) return undefined;
      on = flowOf(step)(on ?? unseen(step));
    }
    return on;
  };
}

const unseen = (step: Instance): readonly Column[] => Array<Column>(widthOf(step) ?? 0).fill(made);

function union(estimator: Instance): Flow {
  return (columns) => {
    const all = partsOf(estimator)
      .filter(({ value }) => !isDropped(value))
      .map(({ value }) => through(value, columns));
    return joined(all);
  };
}

function through(value: Value, columns: readonly Column[]): readonly Column[] | undefined {
  if (isPassedThrough(value)) {
    for (const column of columns) look(column, undefined);
    return columns;
  }
  const estimator = instanceOf(value);
  return estimator === undefined ? unknown(columns) : flowOf(estimator)(columns);
}

const joined = (all: readonly (readonly Column[] | undefined)[]): readonly Column[] | undefined =>
  all.some((columns) => columns === undefined) ? undefined : all.flatMap((columns) => columns ?? []);

/** Each part gets its columns; what comes out stands in the order of the parts. */
function columnTransformer(estimator: Instance): Flow {
  const parts = partsOf(estimator);
  return (columns) => {
    const names = columns.map(({ name }) => name);
    const byName = new Map(columns.map((column) => [column.name, column]));
    const find = (key: string | number): Column | undefined =>
      typeof key === "string" ? byName.get(key) : columns.at(key);
    const all = parts.map(({ name, value, columns: told }) => {
      if (textOfWord(value) === "drop") return [];
      const picked = pickedBy(estimator, name, told, names)?.map(find);
      if (picked === undefined || picked.includes(undefined)) return undefined;
      return picked.length === 0 ? [] : through(value, picked as Column[]);
    });
    return joined(all);
  };
}

const textOfWord = (value: Value): string | undefined => (value.kind === "text" ? value.value : undefined);
