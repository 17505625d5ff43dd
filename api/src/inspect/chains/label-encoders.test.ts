import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Made, integers, objects, pickle, sklearn } from "../../../test/make-pickle";
import { inspectFolder } from "../inspect-folder";
import { placeText } from "./candidates";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-encoders-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const encoder = (...classes: string[]): Made =>
  sklearn("preprocessing._label.LabelEncoder", { classes_: objects(classes) });

const classifier = (names: readonly string[], classes = 2): Made =>
  sklearn("linear_model._logistic.LogisticRegression", {
    classes_: integers(Array.from({ length: classes }, (_, label) => label)),
    n_features_in_: names.length,
    feature_names_in_: objects(names),
  });

async function joined(files: Readonly<Record<string, Made>>) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), pickle(content));
  const chain = (await inspectFolder(folder)).chains[0];
  return {
    columns: chain?.encoders.map((one) => `${placeText(one)} → ${one.column}`),
    labels: chain?.labels && placeText(chain.labels),
    doubts: chain?.doubts,
  };
}

describe("the encoder of the answer", () => {
  test("is the one that is called nothing else, beside those of columns", async () => {
    expect(
      await joined({
        "model.pkl": classifier(["age", "Gender"]),
        "label_encoder.pkl": encoder("no", "yes"),
        "label_encoder_gender.pkl": encoder("f", "m"),
      }),
    ).toEqual({ columns: ["label_encoder_gender.pkl → Gender"], labels: "label_encoder.pkl", doubts: [] });
  });

  test("is called as the model is", async () => {
    const { labels } = await joined({
      "crop_model.pkl": classifier(["N", "P"], 3),
      "crop_encoder.pkl": encoder("jute", "maize", "rice"),
    });
    expect(labels).toBe("crop_encoder.pkl");
  });

  test("is not guessed of two, and the flag is told", async () => {
    expect(
      await joined({
        "model.pkl": classifier(["age", "pay"]),
        "encoder.pkl": encoder("no", "yes"),
        "le.pkl": encoder("in", "out of"),
      }),
    ).toEqual({
      columns: [],
      labels: undefined,
      doubts: [
        "encoder.pkl has as many values as there are classes, and may as well be of a column: if it is of the answer, say so with --labels 0=no,1=yes.",
        "le.pkl has as many values as there are classes, and may as well be of a column: if it is of the answer, say so with --labels '0=in,1=out of'.",
      ],
    });
  });

  test("of two classes is not one that is called something else, which may be a column by another name", async () => {
    const { labels, doubts } = await joined({
      "model.pkl": classifier(["age", "x2"]),
      "label_encoder_smoker.pkl": encoder("no", "yes"),
    });
    expect([labels, doubts?.length]).toEqual([undefined, 1]);
  });

  test("of three classes is, with a doubt, for no column is called so", async () => {
    const { labels, doubts } = await joined({
      "model.pkl": classifier(["age", "x2"], 3),
      "species_encoder.pkl": encoder("a", "b", "c"),
    });
    expect([labels, doubts]).toEqual([
      "species_encoder.pkl",
      ["species_encoder.pkl is taken for the names of the classes: it has as many, and no column is called so."],
    ]);
  });

  test("is none of the sexes", async () => {
    const { labels, columns } = await joined({
      "model.pkl": classifier(["age", "Sex"]),
      "label_encoder.pkl": encoder("female", "male"),
    });
    expect([labels, columns]).toEqual([undefined, ["label_encoder.pkl → Sex"]]);
  });

  test("is what a dict of columns' encoders has left over", async () => {
    const { labels } = await joined({
      "model.pkl": classifier(["age", "work"]),
      "encoders.pkl": { work: encoder("x", "y", "z"), treatment: encoder("No", "Yes") },
    });
    expect(labels).toBe("encoders.pkl#treatment");
  });
});

describe("the encoder of a column", () => {
  test("shares a word with it, or the beginning of one", async () => {
    expect(
      await joined({
        "model.pkl": classifier(["Soil Type", "EdLevel", "moisture"], 2),
        "encoders.pkl": { le_soil: encoder("a", "b", "c"), le_education: encoder("p", "q", "r") },
      }),
    ).toEqual({
      columns: ["encoders.pkl#le_soil → Soil Type", "encoders.pkl#le_education → EdLevel"],
      labels: undefined,
      doubts: [
        "encoders.pkl#le_soil is taken for the encoder of Soil Type, by its name alone.",
        "encoders.pkl#le_education is taken for the encoder of EdLevel, by its name alone.",
      ],
    });
  });

  test("is not guessed where two columns are called so, and what to say is told", async () => {
    expect(
      await joined({ "model.pkl": classifier(["soil type", "soil depth"]), "le_soil.pkl": encoder("a", "b", "c") }),
    ).toEqual({
      columns: [],
      labels: undefined,
      doubts: [
        "le_soil.pkl: label encoders, and of which columns no name says; such a column is a number, unless you say --input 'COLUMN={type: number, map: {TEXT: 0, …}}'.",
      ],
    });
  });
});

describe("a list of the classes", () => {
  test("names them, as a list, or by their numbers", async () => {
    const files = { "model.pkl": classifier(["a", "b"], 3) };
    expect((await joined({ ...files, "target_names.pkl": objects(["x", "y", "z"]) })).labels).toBe("target_names.pkl");
  });

  test("is a map from numbers, or to them, whatever their order", async () => {
    const { labels } = await joined({
      "model.pkl": classifier(["a", "b"], 3),
      "data.pkl": { label_map: { maize: 1, rice: 0, jute: 2 } },
    });
    expect(labels).toBe("data.pkl#label_map");
    expect((await inspectFolder(folder)).chains[0]?.labels?.classes).toEqual(["rice", "maize", "jute"]);
  });

  test("is none that is called after something else, or is of columns", async () => {
    const { labels } = await joined({
      "model.pkl": classifier(["a", "b"]),
      "gender_labels.pkl": ["f", "m"],
      "target_columns.pkl": ["p", "q"],
    });
    expect(labels).toBeUndefined();
  });
});

test("names of columns are found in a dict of their places where it says so", async () => {
  const bare = sklearn("linear_model._logistic.LogisticRegression", { classes_: integers([0, 1]), n_features_in_: 2 });
  writeFileSync(join(folder, "model.pkl"), pickle({ model: bare, sexes: { m: 0, f: 1 } }));
  expect((await inspectFolder(folder)).chains[0]?.names).toBeUndefined();
  writeFileSync(join(folder, "model.pkl"), pickle({ model: bare, symptom_index: { itching: 1, chills: 0 } }));
  expect((await inspectFolder(folder)).chains[0]?.names?.names).toEqual(["chills", "itching"]);
});

test("names of columns are found in a tuple beside the model", async () => {
  const bare = sklearn("linear_model._logistic.LogisticRegression", { classes_: integers([0, 1]), n_features_in_: 2 });
  writeFileSync(join(folder, "model.pkl"), pickle([bare, ["age", "pay"]]));
  const [chain] = (await inspectFolder(folder)).chains;
  expect(chain?.names).toEqual({ from: "model.pkl#1", names: ["age", "pay"] });
  expect(chain?.inputs.map(({ name }) => name)).toEqual(["age", "pay"]);
});
