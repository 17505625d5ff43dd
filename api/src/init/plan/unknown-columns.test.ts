import { chain, folder, noAnswers, numbers, place } from "../../../test/hand-made-inspection";
import type { Looked } from "../look";
import { planInputs } from "./plan-inputs";
import { asLoaded, isToldByNobody, withSomeColumns } from "./unknown-columns";

const unread = chain({ predictor: place("model.pkl") });

const looked = (answers: Partial<Looked["answers"]>, sample?: Looked["sample"]): Looked => ({
  inspection: folder({}),
  chain: unread,
  code: [],
  sample,
  lists: new Map(),
  answers: { ...noAnswers, ...answers },
  cleans: false,
});

const people = {
  file: "people.csv",
  columns: ["age", "city"],
  rows: [
    { age: "20", city: "Ulm" },
    { age: "30", city: "Bonn" },
    { age: "40", city: "Ulm" },
    { age: "50", city: "Bonn" },
  ],
  isPositional: false,
};

const planned = (given: Looked) => planInputs(withSomeColumns(given)).inputs.map(({ name, entry }) => [name, entry]);

it("takes columns that no file knows as --columns names them", () => {
  expect(planned(looked({ columns: ["age", "income"] }))).toEqual([
    ["age", { type: "number" }],
    ["income", { type: "number" }],
  ]);
});

it("takes columns that no file knows from the sample, with the types that its cells show", () => {
  expect(planned(looked({}, people))).toEqual([
    ["age", { type: "number" }],
    ["city", { type: "category", values: ["Bonn", "Ulm"] }],
  ]);
});

it("takes of the sample those alone that --columns names", () => {
  expect(planned(looked({ columns: ["age"] }, people))).toEqual([["age", { type: "number" }]]);
});

it("takes columns that no file knows as --input says them", () => {
  const inputs = [
    { pattern: "x{0..1}", entry: "integer" },
    { pattern: "city", entry: { type: "text" } },
  ];
  expect(planned(looked({ inputs }))).toEqual([
    ["x0", { type: "integer" }],
    ["x1", { type: "integer" }],
    ["city", { type: "text" }],
  ]);
});

it("begins with a single column where nobody names any", () => {
  expect(isToldByNobody(looked({}))).toBe(true);
  expect(planned(looked({ oneHot: ["city"] }))).toEqual([["x0", { type: "number" }]]);
});

it("leaves what a file knows, also for an artifact that says otherwise", () => {
  const known = { ...looked({ columns: ["a", "b"] }), chain: { ...unread, inputs: numbers(["age"]) } };
  expect(isToldByNobody(known)).toBe(false);
  expect(withSomeColumns(known)).toBe(known);
  const told = { file: "model.pkl", key: [], class: "m.C", methods: [], width: 2, names: ["p", "q"], classes: null };
  expect(asLoaded(known.chain, { ...told, words: [] })).toBe(known.chain);
  expect(asLoaded(unread, { ...told, words: [] }).inputs.map(({ name }) => name)).toEqual(["p", "q"]);
});
