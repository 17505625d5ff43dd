import { chain, estimator, file, folder, noAnswers, numbers, place, scaled } from "../../test/hand-made-inspection";
import type { Wizard } from "./result";
import { askAnswers, askCleaning, askColumns, askOneHot, askPredictor } from "./wizard";

/** Answers in order; what was asked is kept. */
function person(...replies: (string | number | boolean)[]): Wizard & { asked: string[] } {
  const asked: string[] = [];
  const next = <T>(message: string): Promise<T> => {
    asked.push(message);
    return Promise.resolve(replies.shift() as T);
  };
  return {
    asked,
    choose: ({ message, choices }) => next(`${message} ${choices.join(" | ")}`),
    ask: ({ message, validate }) => {
      expect(validate(String(replies[0]))).toBe(true);
      return next(message);
    },
    confirm: (message) => next(message),
  };
}

it("asks which model where there are several, and nothing where a flag says", async () => {
  const inspection = scaled();
  const tree = file("tree.pkl", estimator({ class: "sklearn.tree._classes.DecisionTreeClassifier" }));
  const several = {
    ...inspection,
    files: [...inspection.files, tree],
    chains: [...inspection.chains, chain({ predictor: place("tree.pkl") })],
  };
  const one = person(1);
  expect(await askPredictor(several, noAnswers, one)).toEqual({ ...noAnswers, predictor: place("tree.pkl") });
  expect(one.asked).toEqual([
    "Which model is to be served? deep/my model.pkl#clf (LogisticRegression, after scaler.pkl) | tree.pkl (DecisionTreeClassifier)",
  ]);
  expect(await askPredictor(several, { ...noAnswers, predictor: place("tree.pkl") }, person())).toMatchObject({
    predictor: place("tree.pkl"),
  });
  expect(await askPredictor(inspection, noAnswers, person())).toBe(noAnswers);
});

it("asks for the columns' names where no file knows them", async () => {
  const bare = chain({ predictor: place("model.pkl"), inputs: numbers([undefined, undefined]) });
  expect((await askColumns(bare, noAnswers, false, person("a, b"))).columns).toEqual(["a", "b"]);
  expect(await askColumns(bare, noAnswers, false, person(""))).toBe(noAnswers);
  expect(await askColumns(bare, noAnswers, true, person())).toBe(noAnswers);
  expect(await askColumns({ ...bare, inputs: numbers(["a", "b"]) }, noAnswers, false, person())).toBe(noAnswers);
});

it("asks what 0 and 1 mean, and from where on it is 1", async () => {
  const inspection = scaled();
  const [best = chain({ predictor: place("x") })] = inspection.chains;
  const answers = await askAnswers(inspection, best, noAnswers, person("stays,leaves", "0.3"));
  expect(answers).toMatchObject({
    labels: [
      { value: "0", text: "stays" },
      { value: "1", text: "leaves" },
    ],
    threshold: 0.3,
  });
  expect(await askAnswers(inspection, best, noAnswers, person("", ""))).toEqual(noAnswers);
});

it("does not ask what 0 and 1 mean where an encoder of the answer says it", async () => {
  const [best = chain({ predictor: place("x") })] = scaled().chains;
  const encoded = { ...best, labels: { ...place("label_encoder.pkl"), classes: ["no", "yes"] } };
  expect(await askAnswers(scaled(), encoded, noAnswers, person(""))).toEqual(noAnswers);
});

it("asks which columns that look one-hot are to be sent as one", async () => {
  const made = chain({ predictor: place("model.pkl"), inputs: numbers(["age", "city_Oslo", "city_Rome"]) });
  const one = person("city");
  expect(await askOneHot(made, noAnswers, one)).toEqual({ ...noAnswers, oneHot: ["city"] });
  expect(one.asked).toEqual([
    "It looks as if columns had been made one-hot: city (Oslo, Rome). Which of them are callers to send as one column with its value (city; empty: none, they send every 0 and 1 themselves)?",
  ]);
  expect(await askOneHot(made, noAnswers, person(""))).toBe(noAnswers);
  expect(await askOneHot({ ...made, inputs: numbers(["age", "city"]) }, noAnswers, person())).toBe(noAnswers);
  const said = { ...noAnswers, oneHot: ["city"] };
  expect(await askOneHot(made, said, person())).toBe(said);
});

it("asks whether texts were cleaned where the artifact takes texts", async () => {
  const words = estimator({
    class: "sklearn.feature_extraction.text.TfidfVectorizer",
    role: "transformer",
    takes: "text",
  });
  const inspection = folder({ files: [file("words.pkl", words)] });
  const own = chain({ predictor: place("model.pkl"), transformers: [place("words.pkl")] });
  expect(await askCleaning(inspection, own, person(1))).toBe(true);
  expect(await askCleaning(inspection, own, person(0))).toBe(false);
  expect(await askCleaning(scaled(), scaled().chains[0] ?? own, person())).toBe(false);
});
