import { distance } from "fastest-levenshtein";

/** Of half a million names, comparing with each would cost more than what was asked for. */
const MOST_COMPARED = 2_000;

/** The known word that a misspelt one may have been meant as. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const mostEdits = Math.max(1, Math.floor(word.length / 3));
  let best: { word: string; edits: number } | undefined;
  for (const candidate of known.slice(0, MOST_COMPARED)) {
    if (Math.abs(candidate.length - word.length) > mostEdits) continue;
    const edits = distance(word, candidate);
    if (edits <= mostEdits && edits < (best?.edits ?? Infinity)) best = { word: candidate, edits };
  }
  return best?.word;
}
