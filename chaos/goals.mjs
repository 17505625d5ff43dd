// A figure, its goal, and whether it was reached.

export const atMost = (what, value, most, unit = "") => ({ what, value, kind: "≤", bound: most, unit });
export const atLeast = (what, value, least, unit = "") => ({ what, value, kind: "≥", bound: least, unit });
/** The value must be this one: counts of what may never be, verdicts. */
export const exactly = (what, value, bound) => ({ what, value, kind: "=", bound, unit: "" });

/** Shown beside the goals, with nothing promised: the more, the worse. */
export const told = (what, value, unit = "") => ({ what, value, kind: "told", unit });

/** What could not be taken says nothing; Infinity says "never". */
export const isMeasured = ({ value }) => value !== undefined && !Number.isNaN(value);

/** What was not measured is not reached. */
export function isReached(figure) {
  const { value, kind, bound } = figure;
  if (kind === "told") return isMeasured(figure);
  if (kind === "=") return Object.is(value, bound);
  return kind === "≤" ? value <= bound : value >= bound;
}

/** Of the same figures of several runs, each the worst: one that a run lacks before any, one that missed before any that did not. */
export function worstOf(runs) {
  const known = new Map(runs.flat().map((figure) => [figure.what, figure]));
  return [...known].map(([name, figure]) =>
    runs.map((run) => run.find(({ what }) => what === name) ?? { ...figure, value: undefined }).reduce(worse),
  );
}

function worse(one, other) {
  if (!isMeasured(one) || !isMeasured(other)) return isMeasured(one) ? other : one;
  if (isReached(one) !== isReached(other)) return isReached(one) ? other : one;
  if (one.kind === "=") return one;
  const isWorse = one.kind === "≥" ? other.value < one.value : other.value > one.value;
  return isWorse ? other : one;
}
