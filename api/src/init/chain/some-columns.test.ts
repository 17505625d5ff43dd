import { chain, estimator, file, folder, numbers, place } from "../../../test/hand-made-inspection";
import type { InputFact } from "../../inspect/inspection";
import { ASKED, someColumns, withSomeColumns } from "./some-columns";

const names = ["city", "plan"];
const city: InputFact = { name: "city", place: 0, type: "category", nullable: false, categories: ["Oslo", "Rome"] };
const plan: InputFact = { name: "plan", place: 1, type: "category", nullable: false, categories: ["a", "b"] };
const inputs = [city, plan];
const encoder = estimator({
  class: "sklearn.preprocessing._encoders.OrdinalEncoder",
  role: "transformer",
  inputs,
  names,
  makes: 2,
});
const bare = numbers([undefined, undefined, undefined]);
const model = estimator({ class: "sklearn.linear_model._base.LinearRegression", inputs: bare });
const inspection = folder({ files: [file("model.pkl", model), file("enc.pkl", encoder)] });
const [predictor, enc] = [place("model.pkl"), place("enc.pkl")];
const asked = chain({ predictor, inputs: bare, transformers: [{ ...enc, columns: names }], reasons: [ASKED] });

it("a transformer of fewer columns than the model's has columns of its own", () => {
  expect(someColumns(inspection, enc, predictor)).toEqual(names);
  expect(someColumns(inspection, predictor, predictor)).toBeUndefined();
});

it("where they lie, the columns' names say, and what is sent there the transformer says", () => {
  const columns = ["plan", "age", "city"];
  const facts = withSomeColumns(inspection, asked, { columns }, undefined).inputs;
  expect(facts).toEqual([{ ...plan, name: undefined, place: 0 }, bare[1], { ...city, name: undefined, place: 2 }]);
  const sample = { file: "rows.csv", columns, rows: [], isPositional: false };
  expect(withSomeColumns(inspection, asked, { columns: undefined }, sample).inputs).toEqual(facts);
});

it("says which names are needed where none are known, and leaves chains alone that nobody asked for", () => {
  expect(() => withSomeColumns(inspection, asked, { columns: undefined }, undefined)).toThrow(
    "enc.pkl was fitted with city, plan, and nothing says which of the 3 columns that model.pkl takes is city. Name the 3 columns that model.pkl takes with --columns, in the order of the training, city, plan among them.",
  );
  const own = { ...asked, reasons: [] };
  expect(withSomeColumns(inspection, own, { columns: undefined }, undefined)).toBe(own);
});
