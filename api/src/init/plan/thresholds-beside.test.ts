import { estimator, file, folder, noAnswers, chain, place } from "../../../test/hand-made-inspection";
import type { Estimator, Thing } from "../../inspect/inspection";
import { thresholdsBeside } from "./thresholds-beside";

const model = (given: Partial<Estimator> = {}) =>
  estimator({ class: "x.Y", classes: ["no", "yes"], answers: ["predict", "predict_proba"], ...given });
const beside = (value: unknown, key = "threshold", of = model(), answers = noAnswers): string[] => {
  const entries: [string, Thing][] = [
    ["model", of],
    ["best", { kind: "dict", entries: [[key, { kind: "value", value } as Thing]] }],
  ];
  const inspection = folder({ files: [file("all.pkl", { kind: "dict", entries })] });
  return thresholdsBeside({ inspection, chain: chain({ predictor: place("all.pkl", "model") }), answers });
};

it("a threshold that the training kept is told with the flag that takes it", () => {
  const told = ["all.pkl#best#threshold is 0.4: give --threshold 0.4 to answer classes by it."];
  expect(beside(0.4)).toEqual(told);
  expect(beside(0.4, "cut_off")).toEqual([told[0]?.replace("threshold is", "cut_off is")]);
});

it("nothing is told of what cannot be one", () => {
  expect(beside(3)).toEqual([]);
  expect(beside("0.4")).toEqual([]);
  expect(beside(0.4, "accuracy")).toEqual([]);
  expect(beside(0.4, "threshold", model({ classes: [0, 1, 2] }))).toEqual([]);
  expect(beside(0.4, "threshold", model({ answers: ["predict"] }))).toEqual([]);
  expect(beside(0.4, "threshold", model(), { ...noAnswers, threshold: 0.5 })).toEqual([]);
});
