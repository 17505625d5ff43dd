// A figure, its goal, and whether it was reached.

export const atMost = (what, value, most, unit = "") => ({ what, value, kind: "≤", bound: most, unit });
export const atLeast = (what, value, least, unit = "") => ({ what, value, kind: "≥", bound: least, unit });
/** The value must be this one: counts of what may never be, verdicts. */
export const exactly = (what, value, bound) => ({ what, value, kind: "=", bound, unit: "" });

/** What was not measured, NaN or undefined, is not reached. */
export function isReached({ value, kind, bound }) {
  if (kind === "=") return Object.is(value, bound);
  return kind === "≤" ? value <= bound : value >= bound;
}

/** Of the same figures of several runs, each the worst: one that missed before any that did not. */
export function worstOf(runs) {
  const names = [...new Set(runs.flat().map(({ what }) => what))];
  return names.map((name) => runs.map((run) => run.find(({ what }) => what === name) ?? missing(name)).reduce(worse));
}

const missing = (what) => exactly(what, "not measured", "measured");

function worse(one, other) {
  if (isReached(one) !== isReached(other)) return isReached(one) ? other : one;
  if (one.kind === "=") return one;
  const isWorse = one.kind === "≤" ? other.value > one.value : other.value < one.value;
  return isWorse || Number.isNaN(other.value) ? other : one;
}
