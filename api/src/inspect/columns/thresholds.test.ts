import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Made,
  bytes,
  calledWithState,
  floats,
  integers,
  object,
  objects,
  pickle,
  sklearn,
  treeNodes,
  tuple,
} from "../../../test/make-pickle";
import { inspectFile } from "../inspect-file";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-thresholds-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function thresholds(made: Made): Promise<(readonly number[] | undefined)[]> {
  const file = join(folder, "model.pkl");
  writeFileSync(file, pickle(made));
  return thresholdsIn(file);
}

async function thresholdsIn(file: string): Promise<(readonly number[] | undefined)[]> {
  const { thing } = await inspectFile(file);
  if (thing?.kind !== "estimator") throw new Error(`no estimator: ${JSON.stringify(thing)}`);
  return thing.inputs.map((input) => input.thresholds);
}

const LEAF = [-2, -2] as const;
const tree = (...nodes: (readonly [number, number])[]): Made => {
  const state = { max_depth: 3, node_count: nodes.length, nodes: treeNodes(nodes), values: floats([0]) };
  return sklearn("tree._classes.DecisionTreeRegressor", {
    n_features_in_: 3,
    tree_: calledWithState("sklearn.tree._tree.Tree", [3, integers([1]), 1], state),
  });
};
const forest = (...trees: Made[]): Made =>
  sklearn("ensemble._forest.RandomForestRegressor", { n_features_in_: 3, estimators_: trees });
const ONE = tree([0, 1e6], [2, 0.5], LEAF, LEAF, LEAF);
const OTHER = tree([0, 2e6], LEAF, [0, 1e6], LEAF, LEAF);

test.each<[string, Made]>([
  ["a forest's trees", forest(ONE, OTHER)],
  [
    "a gradient boosting's, which lie in an array",
    sklearn("ensemble._gb.GradientBoostingRegressor", { n_features_in_: 3, estimators_: objects([ONE, OTHER]) }),
  ],
])("%s split their columns there, and a column that none splits has no threshold", async (_, made) => {
  expect(await thresholds(made)).toEqual([[1e6, 2e6], undefined, [0.5]]);
});

it("a bag gives each tree columns of its own", async () => {
  const chosen = [integers([1, 2, 0]), integers([2, 1, 0])];
  const bag = { n_features_in_: 3, estimators_: [ONE, OTHER], estimators_features_: chosen };
  expect(await thresholds(sklearn("ensemble._bagging.BaggingRegressor", bag))).toEqual([[0.5], [1e6], [1e6, 2e6]]);
});

it("thresholds of scaled columns are told of the columns as they are sent", async () => {
  const scaler = sklearn("preprocessing._data.StandardScaler", {
    n_features_in_: 3,
    mean_: floats([100, 0, 7]),
    scale_: floats([2, 1, 10]),
  });
  const model = forest(tree([0, -1.5], [2, 0.5], LEAF, LEAF, LEAF));
  const pipeline = sklearn("pipeline.Pipeline", { steps: [tuple("scale", scaler), tuple("trees", model)] });
  expect(await thresholds(pipeline)).toEqual([[97], undefined, [12]]);
});

it("of very many, some are told, the lowest and the highest among them", async () => {
  const nodes = Array.from({ length: 999 }, (_, i) => [0, i] as const);
  const [found = []] = await thresholds(forest(tree(...nodes)));
  expect(found).toHaveLength(32);
  expect([found[0], found.at(-1)]).toEqual([0, 998]);
});

it("LightGBM's text says them tree by tree; a split by sets of categories has none", async () => {
  const head = "tree\nversion=v4\nmax_feature_idx=2\nfeature_names=a b c\nfeature_infos=[0:9] [0:9] 0:1:2\n";
  const one = "\nTree=0\nnum_leaves=3\nsplit_feature=0 2\nthreshold=4.5 0\ndecision_type=2 1\nleaf_value=1 2 3\n";
  const other = "\nTree=1\nnum_leaves=1\nleaf_value=0\n\nTree=2\nsplit_feature=1\nthreshold=1e6\ndecision_type=2\n";
  const booster = object("lightgbm.basic.Booster", { handle: `${head}${one}${other}\nend of trees\n` });
  expect(await thresholds(object("lightgbm.sklearn.LGBMRegressor", { _Booster: booster }))).toEqual([
    [4.5],
    [1e6],
    undefined,
  ]);
});

it("XGBoost's JSON says them beside the leaves' answers, which are none", async () => {
  const trees = [
    {
      left_children: [1, -1, -1],
      split_conditions: [0.001, -9, 9],
      split_indices: [1, 0, 0],
      split_type: [0, 0, 0],
    },
    { left_children: [1, -1, -1], split_conditions: [3, -9, 9], split_indices: [0, 0, 0], split_type: [1, 0, 0] },
  ];
  const learner = {
    gradient_booster: { model: { trees }, name: "gbtree" },
    learner_model_param: { num_class: "0", num_feature: "2" },
    objective: { name: "reg:squarederror" },
  };
  const handle = bytes(Buffer.from(JSON.stringify({ learner, version: [2, 0, 3] })));
  const booster = object("xgboost.core.Booster", { handle });
  expect(await thresholds(object("xgboost.sklearn.XGBRegressor", { _Booster: booster }))).toEqual([
    undefined,
    [expect.closeTo(0.001, 8)],
  ]);
});

it("a real booster, in UBJ, splits columns of 0 and 1 between them", async () => {
  const found = await thresholdsIn("models/flight-delay/XGBoost-model.joblib");
  const split = found.filter((one) => one !== undefined);
  expect(split.length).toBeGreaterThan(20);
  for (const one of split) expect(one).toEqual([expect.closeTo(0.5, 6)]);
});
