import { numbers } from "../../../test/hand-made-inspection";
import type { InputFact } from "../../inspect/inspection";
import { madeOneHot, oneHotInSample } from "./made-one-hot";

const found = (inputs: readonly InputFact[]): string[] =>
  madeOneHot(inputs, undefined).map(({ column, values }) => `${column}: ${values.join(", ")}`);

const known = (names: readonly string[], facts: Partial<InputFact>): InputFact[] =>
  numbers(names).map((fact) => ({ ...fact, ...facts }));

it("sees names that share all but a value, also where a column's own name has a _", () => {
  const inputs = numbers(["age", "Home_Area_Rural", "Home_Area_Urban", "city_Oslo", "city_Rome", "cp_0", "cp_1"]);
  expect(found(inputs)).toEqual(["Home_Area: Rural, Urban", "city: Oslo, Rome", "cp: 0, 1"]);
});

it("keeps a value whole that has a _ itself", () => {
  expect(found(known(["job_blue_collar", "job_admin", "job_self_employed"], { thresholds: [0.5] }))).toEqual([
    "job: blue_collar, admin, self_employed",
  ]);
});

it("sees none in measures, in numbered columns, in columns of other numbers, and beside the column itself", () => {
  expect(found(numbers(["age", "sepal_length", "sepal_width"]))).toEqual([]);
  expect(found(numbers(["feature_0", "feature_1", "feature_2"]))).toEqual([]);
  expect(found([...numbers(["age"]), ...known(["day_Calls", "day_Minutes"], { typical: 90 })])).toEqual([]);
  expect(found([...numbers(["age"]), ...known(["day_Calls", "day_Minutes"], { thresholds: [0.5, 12] })])).toEqual([]);
  expect(found([...numbers(["age"]), ...known(["smooth_mean", "smooth_worst"], { typical: 0.1 })])).toEqual([]);
  expect(found(numbers(["city", "city_Oslo", "city_Rome"]))).toEqual([]);
});

it("believes means that make a whole, and trees that ask one thing alone, whatever the values are called", () => {
  expect(found(known(["sex_female", "sex_male"], { typical: 0.5 }))).toEqual(["sex: female, male"]);
  expect(found(known(["sex_female", "sex_male"], { thresholds: [0.5] }))).toEqual(["sex: female, male"]);
});

it("takes those for sure that the sample has as one column", () => {
  const made = madeOneHot(numbers(["age", "city_Oslo", "city_Rome", "cp_0", "cp_1"]), undefined);
  const sample = { file: "rows.csv", columns: ["age", "city", "cp_0", "cp_1"], rows: [], isPositional: false };
  expect(oneHotInSample(made, sample)).toEqual(["city"]);
  expect(oneHotInSample(made, { ...sample, isPositional: true })).toEqual([]);
  expect(oneHotInSample(made, undefined)).toEqual([]);
});
