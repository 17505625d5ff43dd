/**
 * Which of those that keep something are to end, where together it is more than there is room for: the worst, and no more of
 * them than must. The best stays, whatever it keeps.
 */
export function crowdOut<Kept extends { readonly bytes: number }>(worstFirst: readonly Kept[], most: number): Kept[] {
  let kept = worstFirst.reduce((sum, { bytes }) => sum + bytes, 0);
  return worstFirst.slice(0, -1).filter(({ bytes }) => {
    const isOut = kept > most;
    if (isOut) kept -= bytes;
    return isOut;
  });
}
