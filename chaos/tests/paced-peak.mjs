// The peak that loads are multiples of must be the model's own: of a machine that gives less, they would ask too little.
import { atLeast } from "../goals.mjs";

/** It waits 3 ms for each row, and so can answer 333 a second. */
const LEAST = 280;

export const pacedPeak = (perSecond) => atLeast("the peak, measured first", perSecond, LEAST, "/s");
