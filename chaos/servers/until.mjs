/** The same in every process, as `performance.now()` is not. */
export const timeOfDay = () => performance.timeOrigin + performance.now();

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again and again until there is something that is not undefined. */
export async function until(withinMs, what, look, everyMs = 20) {
  for (const begun = performance.now(); performance.now() - begun < withinMs; await pause(everyMs)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}

/** How long it took to become so; Infinity where it did not in time. */
export async function msUntil(withinMs, is, everyMs = 20) {
  const begun = performance.now();
  try {
    await until(withinMs, "it", async () => ((await is()) ? true : undefined), everyMs);
    return performance.now() - begun;
  } catch {
    return Infinity;
  }
}
