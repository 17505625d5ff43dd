import fc from "fast-check";

import { cutInto, pieces } from "../../test/pieces-of-three";
import { type Columns, joinColumns, sliceColumns } from "./columns";

const columns: Columns = {
  rows: 3,
  numbers: Float64Array.of(1, 2, NaN, -0, 5, 6),
  codes: Int32Array.of(7, 8, 9),
  texts: [["a", "b", "c"]],
};

it("a slice is the rows that were asked for", () => {
  expect(sliceColumns(columns, 1, 2)).toEqual({
    rows: 2,
    numbers: Float64Array.of(NaN, -0, 5, 6),
    codes: Int32Array.of(8, 9),
    texts: [["b", "c"]],
  });
});

it("what is cut into pieces and joined is what it was", () => {
  fc.assert(
    fc.property(pieces, (sizes) => {
      expect(joinColumns(cutInto(sizes, (first, rows) => sliceColumns(columns, first, rows)))).toEqual(columns);
    }),
  );
});

it("columns of one kind alone are joined as well", () => {
  const texts = { rows: 1, numbers: new Float64Array(), codes: new Int32Array(), texts: [["a"]] };
  expect(joinColumns([texts, texts])).toEqual({ ...texts, rows: 2, texts: [["a", "a"]] });
});

it("nothing cannot be joined", () => {
  expect(() => joinColumns([])).toThrow(RangeError);
});
