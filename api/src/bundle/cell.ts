/** What is allowed in a cell, told to the caller whose cell holds something else. */
export class Refused {
  constructor(readonly allowed: string) {}
}

/**
 * A cell's value as the artifacts will see it: a float64, a category's code, a text, or a float64 for each of the
 * input's columns where it has several. `undefined` is an absent cell.
 */
export type CellReader = (value: unknown) => number | string | readonly number[] | Refused;

/** The code of a cell without a category: one_hot makes only zeros of it, an artifact sees nan. */
export const NO_CATEGORY = -1;

const MOST_WORDS_SHOWN = 30;

/** Texts or numbers that are allowed, in quotes where they are texts; of very many, the first. */
export function wordList(words: readonly (string | number)[]): string {
  const shown = words.slice(0, MOST_WORDS_SHOWN).map((word) => JSON.stringify(word));
  return shown.join(", ") + (words.length > MOST_WORDS_SHOWN ? `, … (${words.length} in all)` : "");
}
