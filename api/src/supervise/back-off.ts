const firstMs = 100;
const longestMs = 10_000;
/** Up for so long, it counts as well again. */
const settledMs = 30_000;

/** How long to wait before each restart: the first is immediate, then 100 ms doubling to 10 s. */
export function backOff() {
  let exits = 0;
  return function nextDelay(upMs: number): number {
    exits = upMs >= settledMs ? 1 : exits + 1;
    return exits === 1 ? 0 : Math.min(firstMs * 2 ** (exits - 2), longestMs);
  };
}
