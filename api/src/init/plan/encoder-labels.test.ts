import { chain, place } from "../../../test/hand-made-inspection";
import { labelsFor } from "./encoder-labels";

const encoded = chain({
  predictor: place("model.pkl"),
  labels: { ...place("all.pkl", "target"), classes: ["no", "yes"] },
});

it("calls the classes as the encoder of the training does, and says which encoder that is", () => {
  expect(labelsFor([], encoded, [0, 1])).toEqual({
    labels: [
      { value: "0", text: "no" },
      { value: "1", text: "yes" },
    ],
    comment: "what all.pkl#target calls the classes",
  });
});

it("leaves to a person what a person says, and classes that are not its numbers", () => {
  const own = [{ value: undefined, text: "stays" }];
  expect(labelsFor(own, encoded, [0, 1])).toEqual({ labels: own });
  expect(labelsFor([], encoded, [1, 2])).toEqual({ labels: [] });
  expect(labelsFor([], encoded, [0, 1, 2])).toEqual({ labels: [] });
  expect(labelsFor([], encoded, undefined)).toEqual({ labels: [] });
  expect(labelsFor([], chain({ predictor: place("model.pkl") }), [0, 1])).toEqual({ labels: [] });
});

it("calls whole numbers as Python does, and fractions not at all", () => {
  const of = (classes: readonly number[]) =>
    labelsFor([], { ...encoded, labels: { ...place("y.pkl"), classes } }, [0, 1]).labels.map(({ text }) => text);
  expect([of([3, 8]), of([0.5, 1.5])]).toEqual([["3", "8"], []]);
});
