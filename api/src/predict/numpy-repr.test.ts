import { readFileSync } from "node:fs";
import { join } from "node:path";

import { numpyArrayRepr, pythonRepr, pythonString } from "./numpy-repr";

interface Golden {
  arrays: [values: string[], repr: string][];
  floats: [value: string, repr: string][];
  texts: [text: string, repr: string][];
}

/** What numpy 1.19.5 and Python themselves wrote; PICKLEPOD_NUMPY_GOLDEN names a larger file of the same form. */
const golden = JSON.parse(
  readFileSync(process.env["PICKLEPOD_NUMPY_GOLDEN"] ?? join(__dirname, "numpy-repr.golden.json"), "utf8"),
) as Golden;

it("writes arrays as numpy does", () => {
  expect(golden.arrays.length).toBeGreaterThan(290);
  const ours = golden.arrays.map(([values]) => [values, numpyArrayRepr(values.map(Number))]);
  const different = golden.arrays.filter(([, repr], i) => ours[i]?.[1] !== repr);
  expect(different.map(([values, repr]) => ({ values, repr, ours: numpyArrayRepr(values.map(Number)) }))).toEqual([]);
});

it("writes floats as Python does", () => {
  expect(golden.floats.map(([value]) => pythonRepr(Number(value)))).toEqual(golden.floats.map(([, repr]) => repr));
});

it("writes texts as Python does", () => {
  expect(golden.texts.map(([text]) => pythonString(text))).toEqual(golden.texts.map(([, repr]) => repr));
});

it("writes a lone surrogate as an escape", () => {
  expect(pythonString("a\ud800b")).toBe(String.raw`'a\ud800b'`);
});

it.each([
  [true, "True"],
  [false, "False"],
  [12n, "12"],
  [9007199254740993n, "9007199254740993"],
  [NaN, "nan"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
  ["it's", `"it's"`],
])("writes %p as %s", (value, repr) => {
  expect(pythonRepr(value)).toBe(repr);
});
