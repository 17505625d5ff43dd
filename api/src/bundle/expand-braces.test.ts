import { expandBraces } from "./expand-braces";
import { expandInputs, inputsOf } from "./inputs";
import { manifestSchema } from "./manifest";
import { nearest } from "./nearest";

it.each([
  ["x1", ["x1"]],
  ["x{0..2}", ["x0", "x1", "x2"]],
  ["x{2..0}", ["x2", "x1", "x0"]],
  ["x{-1..1}", ["x-1", "x0", "x1"]],
  ["{a,b}_{1..2}", ["a_1", "a_2", "b_1", "b_2"]],
  ["v_{1..2}_{s,e}", ["v_1_s", "v_1_e", "v_2_s", "v_2_e"]],
  ["x{5..5}", ["x5"]],
  ["x{}", ["x{}"]],
  ["x{a}", ["x{a}"]],
  ["{a}{1..2}", ["{a}1", "{a}2"]],
  ["x{,s}", ["x", "xs"]],
])("%s is written out as bash does", (pattern, names) => {
  expect(expandBraces(pattern)).toEqual(names);
});

it("keeps the order of inputs whose names are numbers", () => {
  const inputs = manifestSchema.shape.inputs.parse([
    ["2", "number"],
    ["1", "text"],
    ["{b,a}", { type: "number" }],
    ["0", { type: "category", values: ["x"] }],
  ]);
  const expanded = expandInputs({ inputs });
  expect([...expanded.keys()]).toEqual(["2", "1", "b", "a", "0"]);
  expect([inputsOf(expanded, "numbers"), inputsOf(expanded, "codes"), inputsOf(expanded, "texts")]).toEqual([
    ["2", "b", "a"],
    ["0"],
    ["1"],
  ]);
});

it.each([
  ["descripton", ["description", "name"], "description"],
  ["x13", ["x12", "x99"], "x12"],
  ["OPERA", ["opera"], undefined],
  ["zzz", ["abc"], undefined],
  ["", ["a"], "a"],
  ["abc", [], undefined],
  ["inputs", ["outputs", "input"], "input"],
])("of what %j may mean in %j, the nearest is %j", (word, known, near) => {
  expect(nearest(word, known)).toBe(near);
});
