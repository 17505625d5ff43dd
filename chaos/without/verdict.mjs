// Whether a test sees that its mechanism is missing.
import { isMeasured, isReached } from "../goals.mjs";

/** What a test misses, told by figures that were taken. */
export const missedFigures = ({ figures = [] }) => figures.filter((figure) => isMeasured(figure) && !isReached(figure));

/**
 * What keeps a test's outcome from showing anything; undefined where it shows that the mechanism is missing. A test that fails
 * outright may do so for any reason, a build that does not start as well: it counts where the mechanism says so.
 * @param mechanism fails, misses: regular expressions, of such a failure, and of a figure that must be among those missed, as
 * `what: value`
 */
export function objectionTo(outcome, { fails, misses }) {
  const { failure } = outcome;
  if (failure !== undefined) return fails?.test(failure) ? undefined : `it failed, which shows nothing: ${failure}`;
  const missed = missedFigures(outcome);
  if (missed.some(({ what, value }) => misses.test(`${what}: ${value}`))) return undefined;
  return missed.length === 0 ? "it misses none of its goals" : `it misses others than ${misses.source}`;
}
