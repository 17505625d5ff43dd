/** What is allowed in a cell, told to the caller whose cell holds something else. */
export class Refused {
  constructor(readonly allowed: string) {}
}

/** A cell's value as the artifacts will see it: a float64, a category's code, or a text. `undefined` is an absent cell. */
export type CellReader = (value: unknown) => number | string | Refused;

/** The code of a cell without a category: one_hot makes only zeros of it, an artifact sees nan. */
export const NO_CATEGORY = -1;
