import { poorProof } from "./poor-proof";

const draft = {
  steps: [
    { kind: "predict", output: "prediction" },
    { kind: "predict_proba", output: "probabilities" },
  ],
  outputs: [
    { name: "label", from: "prediction" },
    { name: "probability", from: "probabilities", column: 1 },
  ],
} as unknown as Parameters<typeof poorProof>[0];

it("is told of an answer that is the same for all rows, and of probabilities of two values", () => {
  expect(poorProof(draft, 128, { label: 1, probability: 2 })).toEqual([
    "label is the same for all rows of the proof, which proves little.",
    "probability is one of 2 values in the 128 rows of the proof, which proves little.",
  ]);
});

it("is none where both classes were seen", () => {
  expect(poorProof(draft, 128, { label: 2, probability: 90 })).toEqual([]);
});

it("is none where there are no more rows than answers: all combinations of a single category", () => {
  expect(poorProof(draft, 2, { label: 2, probability: 2 })).toEqual([]);
});
