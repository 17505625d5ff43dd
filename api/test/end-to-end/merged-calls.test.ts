import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readBundle } from "../../src/bundle/read-bundles";
import { type Answer, ask, json } from "../../src/check/ask";
import { temporaryFolder } from "../bundle-copy";
import { bundleFolder } from "../bundles";
import { pin } from "../real/real-bundle";
import { runPython } from "../reference-outputs";
import { type Listening, startReady } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** An encoder that raises for a number it has not seen, in front of a linear model. */
const TRAIN = `
import pickle, sys
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
rows = [[number % 5] for number in range(100)]
labels = [1 if number % 5 in (1, 3) or number % 7 == 0 else 0 for number in range(100)]
model = make_pipeline(OneHotEncoder(sparse=False), LogisticRegression()).fit(rows, labels)
pickle.dump(model, open(sys.argv[1], "wb"))
`;
const MANIFEST = `name: touchy
version: "1"
environment: {python: "3.7"}
artifacts: {model: model.pkl}
inputs: {digit: integer}
steps:
  - {predict_proba: model, output: probabilities}
outputs:
  probability: {from: probabilities, column: 1}
`;

let picklepod: Listening;
let url: string;
beforeAll(async () => {
  const folder = join(temporaryFolder(), "touchy");
  const original = bundleFolder("flight-delay"); // its environment has scikit-learn
  cpSync(original, folder, { recursive: true, filter: (file) => file === original || /requirements\.\w+$/.test(file) });
  writeFileSync(join(folder, "model.yaml"), MANIFEST);
  await runPython(readBundle(original), ["-c", TRAIN, join(folder, "model.pkl")]);
  const rows = join(folder, "rows.json");
  writeFileSync(rows, JSON.stringify(Array.from({ length: 70 }, (_, i) => ({ digit: i % 5 }))));
  await pin(folder, rows);
  picklepod = await startReady({ models: [folder] });
  url = `${picklepod.url}/models/touchy/predictions`;
});
afterAll(() => picklepod.stop());

const predict = (digit: unknown): Promise<Answer> => ask(url, { body: JSON.stringify({ digit }) });
const seen = ({ status, text }: Answer) => ({ status, text });

it("a row that makes the artifact raise fails its own call alone; the calls merged with it keep their bits", async () => {
  const right = (await Promise.all([0, 1, 2, 3, 4].map(predict))).map(seen);
  for (let round = 0; round < 3; round += 1) {
    const digits = Array.from({ length: 60 }, (_, i) => (i % 9 === round ? 7 : i % 5));
    const answers = await Promise.all(digits.map(predict));
    answers.forEach((answer, i) => {
      const digit = digits[i] ?? 0;
      if (digit !== 7) expect(seen(answer)).toEqual(right[digit]);
      else {
        expect(json(answer)).toMatchObject({
          type: "urn:picklepod:problem:artifact-failed",
          status: 500,
          detail: expect.stringMatching(/probabilities.*unknown categories/s) as unknown,
        });
      }
    });
  }
});

it("one such row fails the whole of the call that owns it", async () => {
  const answer = await ask(url, { body: JSON.stringify([{ digit: 1 }, { digit: 7 }, { digit: 2 }]) });
  expect({ status: answer.status, type: answer.headers["content-type"] }).toEqual({
    status: 500,
    type: "application/problem+json",
  });
});

it("a row that is refused never reaches the others", async () => {
  const right = await predict(3);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => predict(i % 4 === 0 ? "three" : 3)));
  answers.forEach((answer, i) => {
    if (i % 4 !== 0) expect(seen(answer)).toEqual(seen(right));
    else expect(json(answer)).toMatchObject({ status: 422, errors: [{ pointer: "#/digit" }] });
  });
});

it("it never counts as a failure of the sidecar: the breaker stays closed", async () => {
  for (let i = 0; i < 30; i += 1) expect((await predict(7)).status).toBe(500);
  expect((await predict(1)).status).toBe(200);
});
