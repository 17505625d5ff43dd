import { chain, estimator, file, folder, numbers, place } from "../../../test/hand-made-inspection";
import { withEncodersOfNames } from "./encoders-of-names";

const encoder = (...classes: string[]) =>
  estimator({
    class: "sklearn.preprocessing._label.LabelEncoder",
    role: "label-encoder",
    answers: ["transform"],
    classes,
  });
const model = estimator({ class: "sklearn.linear_model._logistic.LogisticRegression", classes: [0, 1] });
const inspection = folder({
  files: [
    file("model.pkl", model),
    file("le_sex.pkl", encoder("female", "male")),
    file("le.pkl", { kind: "dict", entries: [["y", encoder("no", "yes")]] }),
  ],
});
const doubt = "le_sex.pkl: label encoders, but the names of the columns are not known.";
const bare = chain({
  predictor: place("model.pkl"),
  inputs: numbers([undefined, undefined]),
  labels: { ...place("le.pkl", "y"), classes: ["no", "yes"] },
  doubts: ["Another.", doubt],
});
const sample = { file: "rows.csv", columns: ["Age", "Sex"], rows: [], isPositional: false };

it("places encoders by the names that a person gives, or the sample", () => {
  const encoded = {
    ...bare,
    encoders: [{ ...place("le_sex.pkl"), column: "Sex", classes: ["female", "male"] }],
    doubts: ["Another."],
  };
  expect(withEncodersOfNames(inspection, bare, { columns: ["Age", "Sex"] }, undefined)).toEqual(encoded);
  expect(withEncodersOfNames(inspection, bare, { columns: undefined }, sample)).toEqual(encoded);
});

it("leaves what a file has named, and what nobody names", () => {
  const columns = ["Age", "Sex"];
  const named = { ...bare, inputs: numbers(columns) };
  expect(withEncodersOfNames(inspection, named, { columns }, sample)).toBe(named);
  expect(withEncodersOfNames(inspection, bare, { columns: undefined }, undefined)).toBe(bare);
  expect(withEncodersOfNames(inspection, bare, { columns: undefined }, { ...sample, isPositional: true })).toBe(bare);
  expect(withEncodersOfNames(inspection, bare, { columns: ["Sex"] }, undefined)).toBe(bare);
});
