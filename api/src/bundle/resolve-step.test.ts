import { bundleJsonSchema, digestOf } from "./description";
import { draftOf } from "./draft";
import { englishStopWords } from "./english-words";
import { manifestSchema } from "./manifest";

const LOCK = { file: "requirements.lock", sha256: "ab", packages: {} };

const manifestWith = (...steps: unknown[]) =>
  manifestSchema.parse({
    name: "mine",
    version: "1",
    environment: { python: "3.9" },
    artifacts: { model: "model.pkl", encoders: { file: "all.pkl", key: "encoders" } },
    inputs: [
      ["age", "number"],
      ["when", "datetime"],
      ["seen", { type: "date", parts: ["weekday"] }],
      ["gone", "ignored"],
      ["day", { type: "category", values: ["mon", "tue", "sun"] }],
      ["review", "text"],
    ],
    steps,
    outputs: { p: "p" },
  });

const stepsOf = (...steps: unknown[]) => draftOf(manifestWith(...steps), LOCK, "cd").steps;

it("the columns of dates and of what is ignored are numbers, in the order of the inputs", () => {
  const { inputs, steps } = draftOf(manifestWith({ predict: "model", columns: "numbers", output: "p" }), LOCK, "cd");
  const numbers = ["age", ...["year", "month", "day", "hour", "minute"].map((part) => `when_${part}`)];
  expect(inputs.numbers).toEqual([...numbers, "seen_weekday", "gone"]);
  expect(steps).toMatchObject([{ columns: inputs.numbers }]);
});

it.each<[Record<string, unknown>, unknown]>([
  [
    { decision_function: "model", columns: ["age"], as: "dense" },
    { kind: "decision_function", artifact: { file: "model.pkl", key: [] }, columns: ["age"], as: "dense" },
  ],
  [
    { encode: "encoders", columns: ["day", "review"] },
    {
      kind: "encode",
      encoders: ["day", "review"].map((column) => ({ column, artifact: { file: "all.pkl", key: ["encoders"] } })),
    },
  ],
  [
    { encode: { day: "model" } },
    { kind: "encode", encoders: [{ column: "day", artifact: { file: "model.pkl", key: [] } }] },
  ],
  [
    { code: "my.features.derive", columns: ["age"], as: "dataframe", names: ["a", "b"] },
    { kind: "code", module: "my.features", function: "derive", columns: ["age"], as: "dataframe", names: ["a", "b"] },
  ],
  [
    { code: "__main__.clean", columns: ["review"], as: "text" },
    { kind: "code", module: "__main__", function: "clean", columns: ["review"], as: "text" },
  ],
  [
    { one_hot: ["day"], drop_first: true },
    { kind: "one_hot", columns: ["day"], values: [["tue", "sun"]] },
  ],
  [
    { one_hot: ["day"], drop_first: false },
    { kind: "one_hot", columns: ["day"] },
  ],
  [{ one_hot: { day: ["sun", "mon"] } }, { kind: "one_hot", columns: ["day"], values: [["sun", "mon"]] }],
  [
    { one_hot: { day: ["sun", "mon"] }, drop_first: true },
    { kind: "one_hot", columns: ["day"], values: [["mon"]] },
  ],
  [
    { map: { day: { mon: 1, tue: 0.1, sun: -0 }, age: { "1": 1e21 } }, other: "nan" },
    {
      kind: "map",
      columns: [
        {
          name: "day",
          map: [
            ["mon", "1"],
            ["tue", "0.1"],
            ["sun", "-0"],
          ],
        },
        { name: "age", map: [["1", "1e+21"]] },
      ],
      other: "nan",
    },
  ],
  [
    { map: { age: { "1": 2 } }, other: 0.5 },
    { kind: "map", columns: [{ name: "age", map: [["1", "2"]] }], other: "0.5" },
  ],
  [{ log: ["age"] }, { kind: "log", base: "e", columns: ["age"] }],
  [
    { exp: "before", base: 10 },
    { kind: "exp", base: "10", from: "before" },
  ],
  [
    { exp: "before", base: "1p" },
    { kind: "exp", base: "1p", from: "before" },
  ],
  [
    { arithmetic: { ratio: "age / 2" } },
    { kind: "arithmetic", columns: [{ name: "ratio", expression: ["/", "age", ["number", "2"]] }] },
  ],
])("%j becomes a step of bundle.json", (step, expected) => {
  expect(stepsOf({ ...step, output: "p" })).toEqual([{ ...(expected as object), output: "p" }]);
});

describe("clean_text has every option written out, its words too:", () => {
  const plain = {
    ...{ kind: "clean_text", lower: false, keep: "all", punctuation: "keep", digits: "keep", split: "words" },
    ...{ alphanumeric: false, stop_words: [], stemming: "none", output: "p" },
  };

  it("of itself what the usual tutorial does", () => {
    const words = { stop_words: englishStopWords, stemming: "porter" };
    const expected = { ...plain, column: "review", lower: true, keep: "letters", ...words };
    expect(stepsOf({ clean_text: "review", output: "p" })).toEqual([expected]);
    expect(englishStopWords).toHaveLength(179);
    expect(new Set(englishStopWords).size).toBe(179);
  });

  it("what the usual spam filter does", () => {
    const [step] = stepsOf({ clean_text: ["review"], preset: "spam", stemming: "snowball", output: "p" });
    const words = { stop_words: englishStopWords, stemming: "snowball", abbreviations: expect.any(Array) as string[] };
    const how = { lower: true, split: "nltk", alphanumeric: true };
    expect(step).toEqual({ ...plain, columns: ["review"], ...how, ...words });
  });

  it("or nothing but what is asked for", () => {
    const asked = { preset: "none", digits: "remove", punctuation: "space", stop_words: ["the"] };
    const [step] = stepsOf({ clean_text: "review", ...asked, output: "p" });
    const { preset: _, ...options } = asked;
    expect(step).toEqual({ ...plain, column: "review", ...options });
  });
});

it("own code is pinned by module, and stands in what the digest is made of", () => {
  const manifest = { ...manifestWith({ code: "m.f", output: "p" }), code: { m: "m.py", "a.b": "b.py" } };
  const draft = draftOf(manifest, LOCK, "cd", { m: { sha256: "12", size: 3 }, "a.b": { sha256: "34", size: 5 } });
  expect(draft.code).toEqual({
    m: { file: "m.py", sha256: "12", size: 3 },
    "a.b": { file: "b.py", sha256: "34", size: 5 },
  });
  const json = { ...draft, artifacts: {}, tensors: {} };
  const other = { ...json, code: { ...draft.code, m: { file: "m.py", sha256: "99", size: 3 } } };
  expect(digestOf(other)).not.toBe(digestOf(json));
  expect(bundleJsonSchema.parse({ ...json, digest: digestOf(json) })).toEqual({ ...json, digest: digestOf(json) });
});

it("wide rows are handed over fewer at once", () => {
  const manifest = manifestWith({ predict: "model", output: "p" });
  const wide = { ...manifest, inputs: [["x{0..461487}", manifest.inputs[0]?.[1]]] as typeof manifest.inputs };
  expect(draftOf(wide, LOCK, "cd").limits).toEqual({ block: 9 });
});
