import { distance } from "fastest-levenshtein";

/** The known word that a misspelt one may have been meant as. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const mostEdits = Math.max(1, Math.floor(word.length / 3));
  let best: { word: string; edits: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > mostEdits) continue;
    const edits = distance(word, candidate);
    if (edits <= mostEdits && edits < (best?.edits ?? Infinity)) best = { word: candidate, edits };
  }
  return best?.word;
}
