import { chain, estimator, file, folder, numbers, place } from "../../../test/hand-made-inspection";
import { unusedTransformers } from "./unused";

const bare = numbers([undefined, undefined, undefined]);
const model = estimator({ class: "sklearn.linear_model._base.LinearRegression", inputs: bare });
const ordinal = (names: string[], makes = names.length) =>
  estimator({
    class: "sklearn.preprocessing._encoders.OrdinalEncoder",
    role: "transformer",
    inputs: numbers(names),
    names,
    makes,
  });
const predictor = place("deep/model.pkl");
const told = (one: ReturnType<typeof ordinal>, given: Partial<ReturnType<typeof folder>> = {}, at = "deep/enc.pkl") =>
  unusedTransformers(
    folder({ files: [file("deep/model.pkl", model), file(at, one)], ...given }),
    chain({ predictor, inputs: bare }),
  );

it("an encoder of some of the columns is told, with what would join it", () => {
  expect(told(ordinal(["city", "plan"]))).toEqual([
    "deep/enc.pkl is not used: it was fitted with city, plan, and no file says which of the 3 columns of deep/model.pkl these are. If it came before it, give --transformer deep/enc.pkl --columns with the names of all 3, in the order of the training.",
  ]);
});

it("a transformer that makes another number of columns is told with both numbers", () => {
  expect(told(ordinal(["city"], 7))).toEqual([
    "deep/enc.pkl is not used: it takes 1 column and makes 7 columns, and deep/model.pkl takes 3 columns. If it came before it, give --transformer deep/enc.pkl.",
  ]);
});

it("what another chain uses, and what lies in another folder, is not told", () => {
  const used = [chain({ predictor: place("deep/other.pkl"), transformers: [place("deep/enc.pkl")] })];
  expect(told(ordinal(["city"]), { chains: used })).toEqual([]);
  expect(told(ordinal(["city"]), {}, "elsewhere/enc.pkl")).toEqual([]);
});
