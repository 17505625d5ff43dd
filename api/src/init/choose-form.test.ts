import { place } from "../../test/hand-made-inspection";
import { formThatRuns } from "./choose-form";
import type { ArtifactFacts, Outcome } from "./describe";
import type { BundlePlan } from "./plan/plan";

const plan: BundlePlan = {
  name: "mine",
  description: "",
  python: "3.12",
  artifacts: [{ place: place("model.pkl"), name: "model", file: "model.pkl", source: "/model.pkl" }],
  code: [],
  inputs: [],
  steps: [{ step: { predict: "model", output: "prediction" } }],
  outputs: {},
  fields: {},
  block: undefined,
  notes: [],
};

const made = (...shape: number[]): Outcome => ({ shape, columns: null, datatype: "int64" });

const found = (tried: Record<string, Outcome>): ReturnType<typeof formThatRuns> => {
  const facts: ArtifactFacts = { places: [], tried: { "as-is": tried } };
  return formThatRuns(facts, new Map([["as-is", plan]]));
};

it("says that the probabilities of several targets are not given", () => {
  expect(found({ prediction: made(8, 2), probabilities: { error: "a list" }, score: { absent: true } })).toEqual({
    form: "as-is",
    methods: ["predict"],
    notes: [
      "The model answers several targets at once: its predict_proba gives a table for each of them, and is not answered.",
    ],
  });
});

it("says why a probability is missing, and nothing of a score where there is one, or of what it does not have", () => {
  const failing = { error: "ValueError: no" };
  expect(found({ prediction: made(8), probabilities: failing, score: made(8) })?.notes).toEqual([
    "predict_proba is not answered: ValueError: no",
  ]);
  expect(found({ prediction: made(8), probabilities: made(8, 2), score: failing })?.notes).toEqual([]);
  expect(found({ prediction: made(8), probabilities: { absent: true }, score: { absent: true } })?.notes).toEqual([]);
});
