import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { type Made, floats, global, integers, objects, object, pickle, sklearn, tuple } from "../../test/make-pickle";
import { placeText } from "./chains/candidates";
import { inspectFolder, inspectPath } from "./inspect-folder";
import type { Chain, InputFact } from "./inspection";
import { printInspection } from "./print-inspection";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-inspect-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(files: Readonly<Record<string, Made | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), Buffer.isBuffer(content) ? content : pickle(content));
  }
}

const text = (content: string): Buffer => Buffer.from(content);

/** model ← scaler ← imputer, as a person says it. */
const way = ({ transformers, predictor }: Chain): string => [...transformers, predictor].map(placeText).join(" → ");

const short = ({ name, type, categories, nullable, unknown, range, typical }: InputFact): string =>
  [
    name ?? "?",
    type,
    ...(categories === undefined ? [] : [`[${categories.join(" ")}]`]),
    ...(unknown === "ignored" ? ["ignores others"] : []),
    ...(range === undefined ? [] : [`${range[0]}–${range[1]}`]),
    ...(typical === undefined ? [] : [`~${typical}`]),
    ...(nullable ? ["nullable"] : []),
  ].join(" ");

const names = (...all: string[]): Made => objects(all);
const scaler = (mean: readonly number[], own?: readonly string[]): Made =>
  sklearn("preprocessing._data.StandardScaler", {
    mean_: floats(mean),
    n_features_in_: mean.length,
    ...(own === undefined ? {} : { feature_names_in_: names(...own) }),
  });
const logistic = (width: number, own?: readonly string[], classes = [0, 1]): Made =>
  sklearn("linear_model._logistic.LogisticRegression", {
    classes_: integers(classes),
    n_features_in_: width,
    ...(own === undefined ? {} : { feature_names_in_: names(...own) }),
  });
const labelEncoder = (...classes: string[]): Made =>
  sklearn("preprocessing._label.LabelEncoder", { classes_: names(...classes) });

describe("which files belong together", () => {
  test("imputer, scaler and model by their widths and names, whatever the files are called", async () => {
    put({
      "c.pkl": logistic(2),
      "a.pkl": scaler([30, 170], ["age", "height"]),
      "b.pkl": sklearn("impute._base.SimpleImputer", {
        strategy: "mean",
        statistics_: floats([31, 171]),
        n_features_in_: 2,
        feature_names_in_: names("age", "height"),
      }),
    });
    const [chain, ...others] = (await inspectFolder(folder)).chains;
    expect(others).toEqual([]);
    expect(chain && way(chain)).toBe("b.pkl → a.pkl → c.pkl");
    expect(chain?.inputs.map(short)).toEqual(["age number ~31 nullable", "height number ~171 nullable"]);
  });

  test("two models share a scaler", async () => {
    put({ "scaler.pkl": scaler([1, 2, 3]), "final.pkl": logistic(3), "other.pkl": logistic(3, undefined, [0, 1, 2]) });
    const { chains, findings } = await inspectFolder(folder);
    expect(chains.map(way)).toEqual(["scaler.pkl → final.pkl", "scaler.pkl → other.pkl"]);
    expect(findings.map(({ code }) => code)).toEqual(["several-predictors"]);
  });

  test("two scalers that fit equally are two chains, and both say so", async () => {
    put({ "s1.pkl": scaler([1, 2, 3]), "s2.pkl": scaler([4, 5, 6]), "model.pkl": logistic(3) });
    const { chains } = await inspectFolder(folder);
    expect(chains.map(way)).toEqual(["s1.pkl → model.pkl", "s2.pkl → model.pkl"]);
    const rivalry = "These fit equally well, and no file says which was used: s1.pkl; s2.pkl.";
    expect(chains.map(({ doubts }) => doubts.includes(rivalry))).toEqual([true, true]);
  });

  test("the subject of a file's name decides between equals", async () => {
    put({
      "heart_model.pkl": logistic(3),
      "heart_scaler.pkl": scaler([1, 2, 3]),
      "liver_model.pkl": logistic(3, undefined, [1, 2]),
      "liver_scaler.pkl": scaler([4, 5, 6]),
    });
    const { chains } = await inspectFolder(folder);
    expect(chains.map(way)).toEqual(["heart_scaler.pkl → heart_model.pkl", "liver_scaler.pkl → liver_model.pkl"]);
  });

  test("scalers of other columns are not joined", async () => {
    put({ "scaler.pkl": scaler([1, 2], ["a", "b"]), "model.pkl": logistic(2, ["x", "y"]) });
    expect((await inspectFolder(folder)).chains.map(way)).toEqual(["model.pkl"]);
  });

  test("a StandardScaler whose means lie between 0 and 1 stands behind the MinMaxScaler", async () => {
    const minMax = sklearn("preprocessing._data.MinMaxScaler", {
      data_min_: floats([0, 0]),
      data_max_: floats([140, 205]),
      n_features_in_: 2,
    });
    put({ "minmax.pkl": minMax, "standard.pkl": scaler([0.4, 0.3]), "model.pkl": logistic(2) });
    const { chains } = await inspectFolder(folder);
    expect(chains.map(way)).toEqual(["minmax.pkl → standard.pkl → model.pkl"]);
    expect(chains[0]?.inputs.map(short)).toEqual(["? number 0–140 ~70", "? number 0–205 ~102.5"]);
  });

  test("a scaler of some columns names them", async () => {
    put({ "scaler.pkl": scaler([1, 2], ["b", "c"]), "model.pkl": logistic(3, ["a", "b", "c"]) });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain?.transformers).toEqual([{ file: "scaler.pkl", key: [], columns: ["b", "c"] }]);
    expect(chain?.inputs.map(short)).toEqual(["a number", "b number ~1", "c number ~2"]);
  });

  test("one-hot of one column, then a scaler of what comes out", async () => {
    const encoder = sklearn("preprocessing._encoders.OneHotEncoder", {
      categories_: [names("France", "Spain")],
      handle_unknown: "error",
      n_features_in_: 1,
      feature_names_in_: names("Geography"),
    });
    put({
      "onehot.pkl": encoder,
      "label_encoder_gender.pkl": labelEncoder("f", "m"),
      "scaler.pkl": scaler([0.5, 40, 0.5, 0.5], ["Gender", "Age", "Geography_France", "Geography_Spain"]),
      "model.pkl": logistic(4),
    });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain && way(chain)).toBe("onehot.pkl → scaler.pkl → model.pkl");
    expect(chain?.encoders).toEqual([
      { file: "label_encoder_gender.pkl", key: [], column: "Gender", classes: ["f", "m"] },
    ]);
    expect(chain?.inputs.map(short)).toEqual([
      "Gender category [f m]",
      "Age number ~40",
      "Geography category [France Spain]",
    ]);
  });

  test("in a dict: model, scaler, names, and an encoder of the answer", async () => {
    put({
      "all.pkl": {
        model: logistic(2),
        scaler: scaler([1, 2]),
        features: ["a", "b"],
        encoders: { a: labelEncoder("x", "y", "z"), target: labelEncoder("no", "yes") },
      },
    });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain && way(chain)).toBe("all.pkl#scaler → all.pkl#model");
    expect(chain?.names).toEqual({ from: "all.pkl#features", names: ["a", "b"] });
    expect(chain?.encoders.map(({ column }) => column)).toEqual(["a"]);
    expect(chain?.labels).toEqual({ file: "all.pkl", key: ["encoders", "target"], classes: ["no", "yes"] });
  });

  test("names in JSON that show a category's values choose among them", async () => {
    put({
      "model.pkl": logistic(3, ["month_1", "month_2", "kind_a"]),
      "columns.json": text('["month_1", "month_2", "kind_a"]'),
      "categories.json": text('{"month": [1, 2], "kind": ["a", "b"]}'),
    });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain?.select).toEqual({ file: "columns.json", key: [], names: ["month_1", "month_2", "kind_a"] });
    expect(chain?.inputs.map(short)).toEqual([
      "month category [1 2] ignores others",
      "kind category [a b] ignores others",
    ]);
  });

  test("a selector whose choice no file counts stands between the scaler and the model", async () => {
    put({
      "scaler.pkl": scaler([30, 170, 60], ["age", "height", "weight"]),
      "selector.pkl": sklearn("feature_selection._from_model.SelectFromModel", {
        estimator_: logistic(3),
        n_features_in_: 3,
      }),
      "model.pkl": logistic(2),
    });
    const [chain, ...others] = (await inspectFolder(folder)).chains;
    expect(others).toEqual([]);
    expect(chain && way(chain)).toBe("scaler.pkl → selector.pkl → model.pkl");
    expect(chain?.doubts).toEqual(["How many columns selector.pkl chooses, only running it tells."]);
  });

  test("a statsmodels result takes the variables of its formula", async () => {
    const model = object("statsmodels.regression.linear_model.OLS", { formula: "y ~ age + C(city)" });
    put({ "ols.pkl": object("statsmodels.regression.linear_model.OLSResults", { model }) });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain?.inputs.map(short)).toEqual(["age unknown", "city category"]);
  });

  test("the scaler of the answer stands before nothing", async () => {
    put({ "scaler_x.pkl": scaler([1, 2]), "scaler_y.pkl": scaler([9]), "model.pkl": logistic(2) });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain && way(chain)).toBe("scaler_x.pkl → model.pkl");
    expect(chain?.answerScaler).toEqual({ file: "scaler_y.pkl", key: [] });
  });

  test("a vectorizer, whose words are as many as the model's columns", async () => {
    const vectorizer = sklearn("feature_extraction.text.TfidfVectorizer", {
      vocabulary_: Object.fromEntries(Array.from({ length: 40 }, (_, word) => [`word${word}`, word])),
    });
    put({ "vec.pkl": vectorizer, "model.pkl": logistic(40) });
    const [chain] = (await inspectFolder(folder)).chains;
    expect(chain && way(chain)).toBe("vec.pkl → model.pkl");
    expect(chain?.inputs.map(short)).toEqual(["? text"]);
    expect(chain?.doubts).toEqual([]);
  });
});

describe("what stands in the way", () => {
  const codes = async (): Promise<string[]> =>
    (await inspectFolder(folder)).findings.map(({ code, file, remedy }) => `${code} ${file ?? "-"}: ${remedy}`);

  test("nothing but data", async () => {
    put({ "movies.pkl": { title: ["Alien", "Heat"] }, "similarity.pkl": floats([1, 0, 0, 1], [2, 2]) });
    expect(await codes()).toEqual([
      "no-estimator -: Give the file with the fitted estimator: scikit-learn, XGBoost, LightGBM, CatBoost or statsmodels",
    ]);
  });

  test("a transformer without its model", async () => {
    put({ "scaler.pkl": scaler([1]) });
    expect(await codes()).toEqual([
      "no-predictor -: Give the fitted model as well; it is perhaps kept elsewhere, or too big for the repository",
    ]);
  });

  test("custom code, of a notebook and of a module", async () => {
    put({
      "a.pkl": sklearn("pipeline.Pipeline", {
        steps: [
          tuple(
            "clean",
            sklearn("preprocessing._function_transformer.FunctionTransformer", { func: global("__main__.clean") }),
          ),
          tuple("model", logistic(1)),
        ],
      }),
      "b.pkl": object("src.features.Ratio", {}),
    });
    expect(await codes()).toEqual([
      "custom-code a.pkl: Give the script or notebook that defines it: --code __main__=notebook.py",
      "custom-code b.pkl: Give the module that defines it: --code src.features=src/features.py",
    ]);
    const given = await inspectFolder(folder, { code: new Set(["__main__", "src.features"]) });
    expect(given.findings.filter(({ code }) => code === "custom-code")).toEqual([]);
  });

  test("what was never fetched, what is broken, and what is dangerous", async () => {
    put({
      "lfs.pkl": text("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n"),
      "empty.pkl": text(""),
      "evil.pkl": text("cposix\nsystem\n(S'true'\ntR."),
      "notes.txt": text("nothing"),
    });
    expect((await inspectFolder(folder)).findings.map(({ code, file }) => [code, file])).toEqual([
      ["unreadable", "empty.pkl"],
      ["dangerous", "evil.pkl"],
      ["unreadable", "lfs.pkl"],
    ]);
  });

  test("a file that was not fetched to its end is no attack, unless it is one too", async () => {
    const evil = "\x80\x03cposix\nsystem\nU\x02id\x85R";
    put({
      "cut.pkl": pickle(object("sklearn.preprocessing._data.StandardScaler", {})).subarray(0, 20),
      "evil.pkl": Buffer.from(evil, "latin1"),
    });
    const { findings, files } = await inspectFolder(folder);
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "unreadable cut.pkl: The file ends early: fetch it again. It ends within a line.",
      "dangerous evil.pkl: It names posix.system, which runs code or reaches outside of the file.",
      "dangerous evil.pkl: It ends before its last opcode.",
    ]);
    expect(files[0]?.dangers).toEqual([]);
  });

  test("a version that would install something else is dangerous, and one that is none is not believed", async () => {
    const scaler = (version: string) => sklearn("preprocessing._data.StandardScaler", {}, version);
    put({ "a.pkl": scaler("1.6.1\nevil @ http://127.0.0.1/evil.whl"), "b.pkl": scaler("latest") });
    const { findings, files } = await inspectFolder(folder);
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      `dangerous a.pkl: In the place of a library's version it says "1.6.1\\u000aevil @ http://127.0.0.1/evil.whl", which is none: what installs that version would be misled.`,
      "no-predictor Nothing here predicts (StandardScaler)",
    ]);
    expect(files.map(({ versions }) => [versions.outermost, versions.none])).toEqual([
      [undefined, undefined],
      [undefined, ["latest"]],
    ]);
  });

  test("requirements that ask for another version than the one that wrote the file", async () => {
    put({ "model.pkl": logistic(1), "requirements.txt": text("scikit-learn>=1.2,<1.5\nnumpy\n") });
    const { findings, requirements } = await inspectFolder(folder);
    expect(requirements).toEqual([
      { file: "requirements.txt", name: "scikit-learn", spec: ">=1.2,<1.5" },
      { file: "requirements.txt", name: "numpy", spec: "" },
    ]);
    expect(findings.map(({ message }) => message)).toEqual([
      "model.pkl was written by scikit-learn 1.6.1, and requirements.txt asks for scikit-learn>=1.2,<1.5",
    ]);
  });
});

test("other people's folders are passed by, and the same bytes are read once", async () => {
  put({
    "model.pkl": logistic(1),
    "old/model.pkl": logistic(1),
    "venv/lib/model.pkl": logistic(1),
    "readme.bin": text("no"),
  });
  const { files, chains } = await inspectFolder(folder);
  expect(files.map(({ file, sameAs }) => [file, sameAs])).toEqual([
    ["model.pkl", undefined],
    ["old/model.pkl", "model.pkl"],
  ]);
  expect(chains.map(way)).toEqual(["model.pkl"]);
});

test("a file by itself is inspected as a folder that holds nothing else", async () => {
  put({ "model.pkl": logistic(1), "scaler.pkl": scaler([1]) });
  const { files, chains } = await inspectPath(join(folder, "model.pkl"));
  expect([files.map(({ file }) => file), chains.map(way)]).toEqual([["model.pkl"], ["model.pkl"]]);
});

describe("as a person reads it", () => {
  const printed = async (): Promise<string> =>
    printInspection(await inspectFolder(folder), false).replaceAll(folder, "heart");

  test("a scaler and its model", async () => {
    put({
      "scaler.pkl": scaler([54, 131.5], ["age", "pressure"]),
      "model.pkl": logistic(2),
      ".python-version": text("3.12\n"),
    });
    expect(await printed()).toBe(`model.pkl  pickle, 289 bytes, scikit-learn 1.6.1, numpy 1
  LogisticRegression
  takes 2 columns
  answers predict, predict_proba, decision_function; classes 0, 1

scaler.pkl  pickle, 465 bytes, scikit-learn 1.6.1, numpy 1
  StandardScaler
  takes 2 columns
    age       number  about 54
    pressure  number  about 131.5
  answers transform (2 columns)

Belongs together
  scaler.pkl → model.pkl
    because scaler.pkl makes 2 columns, and model.pkl takes 2
    callers send the 2 columns of scaler.pkl

Environment: scikit-learn 1.6.1, numpy 1, Python 3.12 (.python-version)

Next: picklepod init heart
`);
  });

  test("what to type next names a file for each module of one's own, its own where the folder has it", async () => {
    put({
      "model.pkl": sklearn("pipeline.Pipeline", {
        steps: [
          tuple("own", object("lib.features.Ratio", {})),
          tuple("other", object("tidy.Tidy", {})),
          tuple("model", logistic(1)),
        ],
      }),
      "src/lib/features.py": text("class Ratio: ..."),
    });
    const last = (await printed()).trimEnd().split("\n").at(-1);
    expect(last).toBe("Next: picklepod init heart --code lib.features=heart/src/lib/features.py --code tidy=tidy.py");
  });

  test("what cannot be served says why, and what to do", async () => {
    put({
      "lfs.pkl": text("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n"),
      "clean.pkl": global("__main__.clean"),
    });
    expect(await printed()).toBe(`clean.pkl  pickle, 19 bytes
  __main__.clean (custom code)
  needs code that is not in it: __main__.clean
    → Give the script or notebook that defines it: --code __main__=notebook.py

lfs.pkl  64 bytes
  This is a Git LFS pointer, not the file itself: run \`git lfs pull\` in its repository.

Nothing here is a model of a library that Picklepod knows
  → Give the file with the fitted estimator: scikit-learn, XGBoost, LightGBM, CatBoost or statsmodels
`);
  });
});
