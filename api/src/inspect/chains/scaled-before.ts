import { nameOf } from "../estimators/class-name";
import { type Candidate, placeText } from "./candidates";
import type { Fit } from "./fit";

/**
 * Two scalers one after the other: the means of a StandardScaler all lie between 0 and 1, as only a MinMaxScaler before
 * it makes them, whose own columns reached far beyond.
 */
export function isScaledBefore(first: Candidate, next: Candidate): Fit | undefined {
  const [from, to] = [first.estimator, next.estimator];
  if (nameOf(from.class) !== "MinMaxScaler" || nameOf(to.class) !== "StandardScaler") return undefined;
  if (from.width === undefined || from.width !== to.width) return undefined;
  const isSmall = to.inputs.every(({ typical = Number.NaN }) => typical >= 0 && typical <= 1);
  const wasBig = from.inputs.some(({ typical = 0 }) => typical > 1 || typical < 0);
  if (!isSmall || !wasBig) return undefined;
  return {
    strength: 1,
    reason: `${placeText(next)} has means between 0 and 1, as ${placeText(first)} before it makes them`,
  };
}
