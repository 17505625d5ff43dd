import type { Predictor } from "../src/predict/predictor";

/** All of a predictor but its predictions: nothing waits, and whoever comes is taken. */
export const idle: Omit<Predictor, "predict"> = {
  admit: () => undefined,
  turn: () => undefined,
  admitRows: () => undefined,
  owe: () => undefined,
  hasRoom: () => true,
  rowsWaiting: () => 0,
};
