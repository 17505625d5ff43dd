import fc from "fast-check";

/** Sizes of pieces that make three rows. */
export const pieces = fc.constantFrom([3], [1, 2], [2, 1], [1, 1, 1]);
export function cutInto<T>(sizes: readonly number[], slice: (first: number, rows: number) => T): T[] {
  return sizes.map((rows, i) =>
    slice(
      sizes.slice(0, i).reduce((sum, size) => sum + size, 0),
      rows,
    ),
  );
}
