import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { project } from "../../src/project";
import { readLines } from "../../src/supervise/read-lines";
import { ask, json } from "../../src/check/ask";
import { temporaryFolder } from "../bundle-copy";
import { workInANotebook } from "../notebook";
import { testState, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine installs and makes environments

/** What a notebook leaves: two pickles. Beside them, what they themselves say of one row in calls of several sizes. */
const NOTEBOOK = `
import json, pickle
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(4)
people = np.column_stack([random.integers(18, 80, 400), random.normal(50000, 15000, 400), random.exponential(2000, 400)])
labels = (people[:, 1] / 10000 - people[:, 2] / 1000 + random.normal(0, 1, 400) > 3).astype(int)
scaler = StandardScaler().fit(people)
model = LogisticRegression().fit(scaler.transform(people), labels)
pickle.dump(scaler, open("scaler.pkl", "wb"))
pickle.dump(model, open("model.pkl", "wb"))
row = [41, 52000, 1200]
sizes = {n: float(model.predict_proba(scaler.transform([row] * n))[0, 1]) for n in (1, 4, 8, 32, 128)}
label = int(model.predict(scaler.transform([row]))[0])
json.dump({"sizes": sizes, "label": label}, open("own-words.json", "w"))
`;

/** The example of docs/serve-your-pickle.md, with the Python that was really used. */
function manifestFromTheDocs(minor: string): string {
  const page = readFileSync(join(project.root, "docs", "serve-your-pickle.md"), "utf8");
  const block = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
  const indent = /^ */.exec(block)?.[0].length ?? 0;
  const lines = block.split("\n").map((line) => line.slice(indent));
  return lines.join("\n").replace(/python: "[\d.]+"/, `python: "${minor}"`);
}

it("a newcomer with two pickles writes model.yaml from the docs, pins, starts, and curls the right answer", async () => {
  const mine = join(temporaryFolder(), "mine");
  mkdirSync(mine);
  const { minor, frozen } = await workInANotebook(NOTEBOOK, mine, ["scikit-learn", "numpy"]);
  const versions = frozen.filter((line) => /^(scikit-learn|numpy)==/.test(line));
  writeFileSync(join(mine, "requirements.txt"), `${versions.join("\n")}\n`);
  writeFileSync(join(mine, "model.yaml"), manifestFromTheDocs(minor));

  await promisify(execFile)("npm", ["run", "pin", "--", mine], { cwd: project.root, maxBuffer: 64 * 1024 * 1024 });
  const answers = await serve(mine, async (url) => {
    const body = '{"age": 41, "income": 52000, "debt": 1200}';
    return [await ask(`${url}/models/mine/predictions`, { body }), await ask(`${url}/models/mine`)].map(json);
  });

  const [{ predictions }, { blocks }] = answers as [
    { predictions: { label: number; probability: number }[] },
    { blocks: Record<string, string> },
  ];
  const own = JSON.parse(readFileSync(join(mine, "own-words.json"), "utf8")) as {
    sizes: Record<string, number>;
    label: number;
  };
  const size = /\d+/.exec(blocks["probabilities"] ?? "")?.[0] ?? "1";
  expect(predictions).toEqual([{ label: own.label, probability: own.sizes[size] }]);
  expect(Math.abs((predictions[0]?.probability ?? NaN) - (own.sizes["1"] ?? NaN))).toBeLessThan(1e-15);
});

/** MODELS=./mine npm start, for as long as the work takes. */
async function serve<T>(mine: string, work: (url: string) => Promise<T>): Promise<T> {
  const env = { ...process.env, PORT: "0", MODELS: mine, STATE_DIR: testState };
  const npm = spawn("npm", ["start"], { cwd: project.root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  readLines(npm.stdout, (line) => lines.push(line));
  readLines(npm.stderr, (line) => lines.push(line));
  const ended = new Promise((resolve) => npm.on("close", resolve));
  try {
    const url = await until(600_000, "it listens", () => {
      if (npm.exitCode !== null) throw new Error(lines.join("\n"));
      return lines.map((line) => /listening on (http:[^"]+)/.exec(line)?.[1]).find(Boolean);
    });
    await until(600_000, "it is ready", async () => {
      const answer = await ask(`${url}/readyz`);
      if (answer.text.includes('"failed"')) throw new Error(answer.text);
      return answer.status === 200 ? true : undefined;
    });
    return await work(url);
  } finally {
    if (npm.exitCode === null) process.kill(-(npm.pid ?? 0), "SIGTERM");
    await ended;
  }
}
