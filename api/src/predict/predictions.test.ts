import fc from "fast-check";

import { cutInto, pieces } from "../../test/pieces-of-three";
import { joinPredictions, type Predictions, slicePredictions } from "./predictions";

const predictions: Predictions = {
  rows: 3,
  outputs: [
    { name: "p", columns: null, values: Float64Array.of(1, -0, NaN) },
    { name: "m", columns: ["a", "b"], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: "i", columns: null, values: BigInt64Array.of(1n, 2n, 3n) },
    { name: "b", columns: null, values: Uint8Array.of(1, 0, 1) },
    { name: "s", columns: null, values: ["x", "y", "z"] },
  ],
};

it("a slice is the rows that were asked for", () => {
  expect(slicePredictions(predictions, 2, 1)).toEqual({
    rows: 1,
    outputs: [
      { name: "p", columns: null, values: Float64Array.of(NaN) },
      { name: "m", columns: ["a", "b"], values: Float32Array.of(5, 6) },
      { name: "i", columns: null, values: BigInt64Array.of(3n) },
      { name: "b", columns: null, values: Uint8Array.of(1) },
      { name: "s", columns: null, values: ["z"] },
    ],
  });
});

it("what is cut into pieces and joined is what it was", () => {
  fc.assert(
    fc.property(pieces, (sizes) => {
      const joined = joinPredictions(cutInto(sizes, (first, rows) => slicePredictions(predictions, first, rows)));
      expect(joined).toEqual(predictions);
    }),
  );
});

it("nothing cannot be joined", () => {
  expect(() => joinPredictions([])).toThrow(RangeError);
});
