import { planOutputs } from "./plan-outputs";

const plan = (
  given: Partial<Parameters<typeof planOutputs>[0]>,
  answers: Partial<Parameters<typeof planOutputs>[0]["answers"]> = {},
) =>
  planOutputs({
    methods: ["predict", "predict_proba"],
    classes: [0, 1],
    isClusterer: false,
    ...given,
    answers: { labels: [], threshold: undefined, positive: undefined, ...answers },
  });

it("of two classes have the second one's probability, or the named one's", () => {
  expect(plan({}).outputs).toEqual({
    prediction: "prediction",
    probability: { from: "probabilities", column: 1 },
    probabilities: "probabilities",
  });
  expect(plan({ classes: ["bad", "good"] }, { positive: "bad" }).outputs["probability"]).toEqual({
    from: "probabilities",
    column: 0,
  });
  expect(() => plan({ classes: ["bad", "good"] }, { positive: "fair" })).toThrow(
    "--positive fair is none of the classes. They are bad, good.",
  );
});

it("of more classes have a key for each, or a list where they are numbers", () => {
  expect(plan({ classes: ["a", "b", "c"] }).fields).toEqual({
    prediction: { output: "prediction" },
    "*": { spread: "probabilities" },
  });
  expect(plan({ classes: [0, 1, 2] }).fields).toEqual({
    prediction: { output: "prediction" },
    probabilities: { output: "probabilities" },
    classes: { columns_of: "probabilities" },
  });
  expect(plan({ classes: ["a", "prediction", "c"] }).fields["*"]).toBeUndefined();
});

it("of a clusterer, a regression and a scorer are called what they are", () => {
  expect(plan({ methods: ["predict"], classes: undefined, isClusterer: true }).outputs).toEqual({
    cluster: "prediction",
  });
  expect(plan({ methods: ["predict", "predict_proba"], classes: undefined, isClusterer: true }).outputs).toEqual({
    cluster: "prediction",
    probabilities: "probabilities",
  });
  expect(plan({ methods: ["predict"], classes: undefined }).outputs).toEqual({ prediction: "prediction" });
  expect(plan({ methods: ["predict", "decision_function"] }).outputs).toEqual({
    prediction: "prediction",
    score: "score",
  });
});

it("with a threshold alone are a probability and a class", () => {
  const { steps, outputs } = plan({ methods: ["predict"], classes: undefined }, { threshold: 0.5 });
  expect(steps).toEqual([{ step: { threshold: "prediction", at_least: 0.5, output: "class" } }]);
  expect(outputs).toEqual({ probability: "prediction", class: "class" });
});

it("have texts for every class, those that are not named included", () => {
  const labels = [{ value: "2", text: "two" }];
  expect(plan({ classes: [1, 2, 3] }, { labels }).steps).toEqual([
    { step: { labels: "prediction", map: { 1: "1", 2: "two", 3: "3" }, output: "label" } },
  ]);
  expect(() => plan({}, { labels: [{ value: "7", text: "x" }] })).toThrow(
    "There is no 7 to be called x. The values are 0, 1.",
  );
  expect(() => plan({}, { labels: ["a", "b", "c"].map((text) => ({ value: undefined, text })) })).toThrow(
    "3 labels for 2 values",
  );
});

it("of a threshold are called what the model's own classes are called", () => {
  const answers = { threshold: 0.4, positive: "bad", labels: [{ value: "bad", text: "call" }] };
  expect(plan({ classes: ["bad", "good"] }, answers).steps).toEqual([
    { step: { threshold: "probabilities", column: 0, at_least: 0.4, output: "class" } },
    { step: { labels: "class", map: { 0: "0", 1: "call" }, output: "label" } },
  ]);
});

it("of a threshold are of one class: of more than two, of that which is named", () => {
  const classes = ["a", "b", "c"];
  expect(() => plan({ classes }, { threshold: 0.5 })).toThrow(
    "The model has 3 classes: --threshold does not say of which. Say of which class: --positive with one of a, b, c.",
  );
  expect(plan({ classes }, { threshold: 0.5, positive: "c" }).steps).toEqual([
    { step: { threshold: "probabilities", column: 2, at_least: 0.5, output: "class" } },
  ]);
  expect(() => plan({ methods: ["predict", "decision_function"], classes }, { threshold: 0.5 })).toThrow(
    "there is nothing for --threshold",
  );
  expect(plan({ methods: ["predict", "decision_function"] }, { threshold: 0 }).steps).toEqual([
    { step: { threshold: "score", at_least: 0, output: "class" } },
  ]);
});
