import type { Instance, Value } from "../../pickle/value";
import { instanceOf, numbersOf, valuesOf } from "../estimators/read-value";
import { Splits } from "./splits";

/** An estimator is asked time and again. */
const read = new WeakMap<Instance, Splits>();

/** scikit-learn's trees, alone or in a forest, a boosting, a bag. */
export function splitsOfTrees(estimator: Instance): Splits {
  const known = read.get(estimator);
  if (known) return known;
  const splits = new Splits();
  collect(estimator, (column) => column, splits);
  read.set(estimator, splits);
  return splits;
}

type ColumnOf = (own: number) => number;

function collect(value: Value, columnOf: ColumnOf, splits: Splits): void {
  const estimator = instanceOf(value);
  if (estimator === undefined || splits.isFull) return;
  const tree = instanceOf(estimator.attribute("tree_"));
  if (tree !== undefined) {
    addNodes(tree, columnOf, splits);
    return;
  }
  const chosen = valuesOf(estimator.attribute("estimators_features_")); // a bag may give each tree columns of its own
  membersOf(estimator.attribute("estimators_")).forEach((member, place) => {
    const own = numbersOf(chosen[place]);
    collect(member, own === undefined ? columnOf : (column) => own[column] ?? column, splits);
  });
}

/** A gradient boosting has an array of them, a class a column. */
const membersOf = (members: Value | undefined): Value[] =>
  members?.kind === "array" ? members.objects(Infinity) : valuesOf(members);

/** A leaf's column is below zero. */
function addNodes(tree: Instance, columnOf: ColumnOf, splits: Splits): void {
  const nodes = tree.attribute("nodes");
  if (nodes?.kind !== "array") return;
  const columns = numbersOf(nodes.field("feature")) ?? [];
  const thresholds = numbersOf(nodes.field("threshold")) ?? [];
  splits.addAll(columns.map(columnOf), thresholds, (node) => (columns[node] ?? -1) >= 0);
}
