import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Made,
  bytes,
  called,
  floats,
  global,
  integers,
  object,
  objects,
  pickle,
  sklearn,
  tuple,
} from "../../test/make-pickle";
import { inspectFile } from "./inspect-file";
import type { Estimator, InputFact } from "./inspection";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-inspect-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function inspected(made: Made): Promise<Estimator> {
  const file = join(folder, "model.pkl");
  writeFileSync(file, pickle(made));
  const { thing } = await inspectFile(file);
  if (thing?.kind !== "estimator") throw new Error(`no estimator: ${JSON.stringify(thing)}`);
  return thing;
}

const facts = async (made: Made): Promise<readonly InputFact[]> => (await inspected(made)).inputs;
const names = (...all: (string | number)[]): Made => objects(all);
const pipeline = (...steps: [string, Made][]): Made =>
  sklearn("pipeline.Pipeline", { steps: steps.map(([name, step]) => tuple(name, step)) });
const columns = (state: Record<string, Made>, ...parts: [string, Made, Made][]): Made =>
  sklearn("compose._column_transformer.ColumnTransformer", {
    transformers_: parts.map((part) => tuple(...part)),
    ...state,
  });
const mean = (...statistics: number[]): Made =>
  sklearn("impute._base.SimpleImputer", { strategy: "mean", statistics_: floats(statistics) });
const oneHot = (rule: string, ...categories: Made[]): Made =>
  sklearn("preprocessing._encoders.OneHotEncoder", { categories_: categories, handle_unknown: rule });
const standard = (...means: number[]): Made => sklearn("preprocessing._data.StandardScaler", { mean_: floats(means) });
const linear = (width: number): Made =>
  sklearn("linear_model._base.LinearRegression", { coef_: floats(Array<number>(width).fill(1)) });

describe("what can be called", () => {
  test.each<[string, Made, string]>([
    ["an SVC", sklearn("svm._classes.SVC", { probability: false }), "predict decision_function"],
    [
      "an SVC with probability",
      sklearn("svm.classes.SVC", { probability: true }),
      "predict predict_proba decision_function",
    ],
    [
      "SGD, hinge loss",
      sklearn("linear_model._stochastic_gradient.SGDClassifier", { loss: "hinge" }),
      "predict decision_function",
    ],
    [
      "SGD, log loss",
      sklearn("linear_model._stochastic_gradient.SGDClassifier", { loss: "log" }),
      "predict predict_proba decision_function",
    ],
    ["LinearSVC", sklearn("svm._classes.LinearSVC", {}), "predict decision_function"],
    ["a forest of 0.18", sklearn("ensemble.forest.RandomForestClassifier", {}), "predict predict_proba"],
    ["KMeans", sklearn("cluster._kmeans.KMeans", {}), "predict transform"],
    ["DBSCAN", sklearn("cluster._dbscan.DBSCAN", {}), ""],
    ["nearest neighbours", sklearn("neighbors._unsupervised.NearestNeighbors", {}), ""],
    ["votes", sklearn("ensemble._voting.VotingClassifier", { voting: "hard" }), "predict transform"],
    ["soft votes", sklearn("ensemble._voting.VotingClassifier", { voting: "soft" }), "predict predict_proba transform"],
    [
      "a Pipeline as its last step",
      pipeline(["s", standard(1)], ["m", sklearn("svm._classes.SVC", {})]),
      "predict decision_function",
    ],
    [
      "a search as what it found",
      sklearn("model_selection._search.GridSearchCV", {
        best_estimator_: sklearn("tree._classes.DecisionTreeClassifier", {}),
      }),
      "predict predict_proba",
    ],
    [
      "one against the rest as the one",
      sklearn("multiclass.OneVsRestClassifier", { estimators_: [sklearn("svm._classes.LinearSVC", {})] }),
      "predict decision_function",
    ],
  ])("%s", async (_name, made, expected) => {
    expect((await inspected(made)).answers.join(" ")).toBe(expected);
  });
});

describe("how many columns, where the version does not say it", () => {
  test.each<[string, Made, number]>([
    ["LinearRegression, by its coefficients", linear(3), 3],
    [
      "a matrix of coefficients",
      sklearn("linear_model.logistic.LogisticRegression", { coef_: floats([1, 2, 3, 4, 5, 6], [2, 3]) }),
      3,
    ],
    [
      "a network, by its first layer",
      sklearn("neural_network.multilayer_perceptron.MLPRegressor", { coefs_: [floats([1, 2, 3, 4], [4, 1])] }),
      4,
    ],
    [
      "neighbours, by what they learned by heart",
      sklearn("neighbors.classification.KNeighborsClassifier", { _fit_X: floats([1, 2, 3, 4], [2, 2]) }),
      2,
    ],
    ["an SVC", sklearn("svm.classes.SVC", { shape_fit_: tuple(100, 7), support_: integers([1, 2]) }), 7],
    ["naive Bayes", sklearn("naive_bayes.GaussianNB", { theta_: floats([1, 2], [1, 2]) }), 2],
    ["an encoder", oneHot("error", names("a"), names("b")), 2],
    ["a search", sklearn("grid_search.GridSearchCV", { best_estimator_: linear(5) }), 5],
  ])("%s", async (_name, made, width) => {
    expect((await inspected(made)).width).toBe(width);
  });
});

describe("the columns that callers send", () => {
  test("through a ColumnTransformer by names: imputed, scaled, encoded, dropped", async () => {
    const preprocess = columns(
      { feature_names_in_: names("age", "sex", "id", "fare"), n_features_in_: 4 },
      ["num", pipeline(["impute", mean(30, 14)], ["scale", standard(30, 14)]), ["age", "fare"]],
      ["cat", oneHot("ignore", names("f", "m")), ["sex"]],
      ["remainder", "drop", [2]],
    );
    expect(await facts(pipeline(["pre", preprocess], ["model", linear(4)]))).toEqual([
      { name: "age", place: 0, type: "number", nullable: true, typical: 30 },
      { name: "sex", place: 1, type: "category", categories: ["f", "m"], nullable: false, unknown: "ignored" },
      { name: "id", place: 2, type: "unused", nullable: true },
      { name: "fare", place: 3, type: "number", nullable: true, typical: 14 },
    ]);
  });

  test("through ColumnTransformers one after the other, the later ones by position", async () => {
    const log = sklearn("preprocessing._function_transformer.FunctionTransformer", {
      func: global("numpy.core._multiarray_umath.log1p"),
    });
    const made = pipeline(
      [
        "log",
        columns(
          { feature_names_in_: names("sex", "fare", "age"), n_features_in_: 3 },
          ["fare", log, ["fare"]],
          ["remainder", "passthrough", [0, 2]],
        ),
      ],
      ["fill", columns({ n_features_in_: 3 }, ["age", mean(29), [2]], ["remainder", "passthrough", [0, 1]])],
      [
        "code",
        columns(
          { n_features_in_: 3 },
          ["sex", oneHot("error", names("f", "m")), [2]],
          ["remainder", "passthrough", [0, 1]],
        ),
      ],
      ["all", columns({ n_features_in_: 4 }, ["scale", standard(1, 2, 3, 4), called("builtins.slice", 0, 4, null)])],
      ["model", linear(4)],
    );
    expect(await facts(made)).toEqual([
      { name: "sex", place: 0, type: "category", categories: ["f", "m"], nullable: false, unknown: "error" },
      { name: "fare", place: 1, type: "number", nullable: false },
      { name: "age", place: 2, type: "number", nullable: true, typical: 29 },
    ]);
  });

  test("of an old ColumnTransformer, which names them only to its parts", async () => {
    const made = columns(
      {},
      ["num", standard(1), ["age"]],
      ["cat", oneHot("error", names(1, 2)), ["class"]],
      ["remainder", "passthrough", [0]],
    );
    expect((await facts(made)).map(({ name, type }) => [name, type])).toEqual([
      [undefined, "unknown"],
      ["age", "number"],
      ["class", "category"],
    ]);
  });

  test("by a mask, by a slice of names, and what a newer one resolved itself", async () => {
    const state = { feature_names_in_: names("a", "b", "c"), n_features_in_: 3 };
    const used = async (picked: Made, more: Record<string, Made> = {}): Promise<string[]> =>
      (await facts(columns({ ...state, ...more }, ["n", standard(1, 2), picked])))
        .filter(({ type }) => type !== "unused")
        .flatMap(({ name }) => name ?? []);
    expect(await used([true, false, true])).toEqual(["a", "c"]);
    expect(await used(called("builtins.slice", "a", "b", null))).toEqual(["a", "b"]);
    expect(await used([-1, -3])).toEqual(["a", "c"]);
    expect(await used("unknown", { _transformer_to_input_indices: { n: [1, 2] } })).toEqual(["b", "c"]);
  });

  test("columns that a function of one's own looks at are not unused", async () => {
    const own = sklearn("preprocessing._function_transformer.FunctionTransformer", {
      func: global("__main__.ratio"),
      n_features_in_: 1,
    });
    const made = await inspected(pipeline(["own", own], ["model", linear(1)]));
    expect(made.inputs).toEqual([{ name: undefined, place: 0, type: "unknown", nullable: false }]);
  });

  test("a vectorizer behind a function that nobody can follow still takes a text", async () => {
    const clean = sklearn("preprocessing._function_transformer.FunctionTransformer", {
      func: global("__main__.clean"),
    });
    const words = sklearn("feature_extraction.text.CountVectorizer", { vocabulary_: { good: 0, bad: 1 } });
    const made = await inspected(pipeline(["clean", clean], ["words", words], ["model", linear(2)]));
    expect([made.takes, made.inputs]).toEqual(["text", [{ name: undefined, place: 0, type: "text", nullable: false }]]);
  });
});

test("the columns of a statsmodels result, by the DataFrame that it keeps", async () => {
  const index = called("pandas.core.indexes.base._new_Index", global("pandas.core.indexes.base.Index"), {
    data: names("const", "tv"),
    name: null,
  });
  const manager = called("pandas.core.internals.managers.BlockManager", tuple(), [index, index]);
  const data = object("statsmodels.base.data.PandasData", {
    orig_exog: object("pandas.core.frame.DataFrame", { _mgr: manager }),
  });
  const model = object("statsmodels.regression.linear_model.OLS", { data, exog: floats([1, 2, 3, 4], [2, 2]) });
  const made = object("statsmodels.regression.linear_model.OLSResults", { model });
  expect((await inspected(made)).names).toEqual(["const", "tv"]);
});

test("the columns that stand behind a wrapper of a Pipeline", async () => {
  const encoded = columns({}, ["e", oneHot("error", names("bmw", "vw")), ["brand"]], ["s", standard(5), ["km"]]);
  const made = sklearn("compose._target.TransformedTargetRegressor", {
    regressor_: pipeline(["columns", encoded], ["model", linear(3)]),
    n_features_in_: 2,
  });
  expect((await facts(made)).map(({ name, type, categories }) => [name, type, categories])).toEqual([
    ["brand", "category", ["bmw", "vw"]],
    ["km", "number", undefined],
  ]);
});

describe("boosters", () => {
  const sections = {
    version: [2, 0, 3],
    learner: {
      feature_names: ["a", 'b"]'],
      learner_model_param: { num_feature: "2", num_class: "0" },
      objective: { name: "binary:logistic" },
    },
  };
  const booster = (content: Buffer): Made =>
    object("xgboost.sklearn.XGBClassifier", {
      n_classes_: 2,
      _Booster: object("xgboost.core.Booster", { handle: called("builtins.bytearray", bytes(content)) }),
    });
  const expected = { version: "2.0.3", width: 2, names: ["a", 'b"]'], classes: [0, 1], objective: "binary:logistic" };
  const told = async (made: Made) => {
    const { version, width, names: own, classes, settings } = await inspected(made);
    return { version, width, names: own, classes, objective: settings["objective"] };
  };

  test("XGBoost's JSON", async () => {
    expect(await told(booster(Buffer.from(JSON.stringify({ Model: sections }))))).toEqual(expected);
  });

  test("XGBoost's UBJ", async () => {
    expect(
      await told(
        booster(ubj({ Model: { ...sections, learner: { ...sections.learner, gradient_booster: { trees: [1, 2] } } } })),
      ),
    ).toEqual(expected);
  });

  test("XGBoost's old binary", async () => {
    const content = Buffer.alloc(136 + 8 + 12);
    content.writeUInt32LE(5, 4);
    content.writeBigUInt64LE(12n, 136);
    content.write("reg:logistic", 144);
    const made = await inspected(object("xgboost.sklearn.XGBRegressor", { _Booster: bytes(content) }));
    expect([made.width, made.settings["objective"], made.version]).toEqual([5, "reg:logistic", undefined]);
    const { versions } = await inspectFile(join(folder, "model.pkl"));
    expect([versions.xgboost, versions.isXgboostBefore1]).toEqual([undefined, true]);
  });

  test("LightGBM's text", async () => {
    const text = `tree
version=v4
max_feature_idx=1
objective=binary sigmoid:1
feature_names=age kind
feature_infos=[18:80] 0:1

Tree=0

pandas_categorical:[["a", "b"]]
`;
    const made = await inspected(
      object("lightgbm.sklearn.LGBMClassifier", {
        _classes: integers([0, 1]),
        _Booster: object("lightgbm.basic.Booster", { handle: text }),
      }),
    );
    expect(made.inputs).toEqual([
      { name: "age", place: 0, type: "number", nullable: true, range: [18, 80], typical: 49 },
      { name: "kind", place: 1, type: "category", categories: ["a", "b"], nullable: true, unknown: "ignored" },
    ]);
    expect([made.width, made.classes, made.settings["format"]]).toEqual([2, [0, 1], "v4"]);
    expect((await inspectFile(join(folder, "model.pkl"))).versions.lightgbmFormat).toBe("v4");
  });
});

/** Universal Binary JSON of objects, lists, texts and small numbers. */
function ubj(value: unknown): Buffer {
  if (typeof value === "number") return Buffer.from([0x69, value]);
  if (typeof value === "string") return Buffer.concat([Buffer.from("S"), length(value)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("["), ...value.map(ubj), Buffer.from("]")]);
  const members = Object.entries(value as object).flatMap(([key, member]) => [length(key), ubj(member)]);
  return Buffer.concat([Buffer.from("{"), ...members, Buffer.from("}")]);
}

function length(text: string): Buffer {
  const head = Buffer.alloc(9);
  head.write("L");
  head.writeBigInt64BE(BigInt(Buffer.byteLength(text)), 1);
  return Buffer.concat([head, Buffer.from(text)]);
}

test("every version in the stream, and the outermost", async () => {
  const file = join(folder, "model.pkl");
  const inner = sklearn("preprocessing._data.StandardScaler", { mean_: floats([1]) }, "1.5.2");
  writeFileSync(
    file,
    pickle(sklearn("pipeline.Pipeline", { steps: [tuple("s", inner), tuple("m", linear(1))] }, "1.6.1")),
  );
  const { versions, libraries } = await inspectFile(file);
  expect(versions).toEqual({
    sklearn: ["1.5.2", "1.6.1"],
    outermost: "1.6.1",
    xgboost: undefined,
    lightgbm: undefined,
    numpyMajor: 1,
  });
  expect(libraries).toEqual(["numpy", "sklearn"]);
});
