import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { project } from "../../src/project";
import { readLines } from "../../src/supervise/read-lines";
import { ask, json } from "../../src/check/ask";
import { copyBundle, editManifest, temporaryFolder } from "../bundle-copy";
import { workInANotebook } from "../notebook";
import { testState, until } from "../start-picklepod";

jest.setTimeout(900_000); // environments are made

const bin = join(project.root, "dist", "cli", "picklepod.js");

/** Texts and numbers, a Pipeline, joblib.dump; beside it, what the Pipeline itself says. */
const NOTEBOOK = `
import json
import joblib, numpy as np, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = np.random.default_rng(7)
people = pd.DataFrame({
    "age": random.integers(18, 80, 500),
    "income": random.normal(50000, 15000, 500).round(2),
    "country": random.choice(["de", "fr", "jp"], 500),
    "plan": random.choice(["free", "paid"], 500),
})
churn = np.where((people["income"] / 10000 + (people["plan"] == "paid") * 2 + random.normal(0, 1, 500)) > 6, "stays", "leaves")
numbers = Pipeline([("impute", SimpleImputer()), ("scale", StandardScaler())])
columns = ColumnTransformer([("numbers", numbers, ["age", "income"]), ("texts", OneHotEncoder(), ["country", "plan"])])
pipeline = Pipeline([("columns", columns), ("model", RandomForestClassifier(30, random_state=0))]).fit(people, churn)
joblib.dump(pipeline, "churn.joblib")
rows = people.head(20)
json.dump({
    "rows": rows.to_dict("records"),
    "labels": pipeline.predict(rows).tolist(),
    "probabilities": pipeline.predict_proba(rows).tolist(),
}, open("own-words.json", "w"))
`;

interface OwnWords {
  readonly rows: readonly Record<string, unknown>[];
  readonly labels: readonly string[];
  readonly probabilities: readonly number[][];
}

it("a model that was trained a minute ago answers rightly after init, serve and curl", async () => {
  const mine = join(temporaryFolder(), "mine");
  const bundle = join(temporaryFolder(), "churn");
  mkdirSync(mine);
  await workInANotebook(NOTEBOOK, mine, ["scikit-learn", "pandas", "joblib"]);
  const own = JSON.parse(readFileSync(join(mine, "own-words.json"), "utf8")) as OwnWords;

  const { stdout } = await promisify(execFile)(process.execPath, [bin, "init", mine, "--yes", "--out", bundle]);
  expect(stdout).toMatch(/\ncurl /);
  const answers = await serve(bundle, async (url) => {
    const all = await ask(`${url}/models/churn/predictions`, { body: JSON.stringify(own.rows) });
    const missing = await ask(`${url}/models/churn/predictions`, { body: '{"age": 41, "country": "it"}' });
    return { all: json(all), missing: json(missing) as { status: number; errors: { pointer: string }[] } };
  });

  expect((answers.all as { predictions: unknown }).predictions).toEqual(
    own.labels.map((prediction, i): unknown =>
      expect.objectContaining({ prediction, probabilities: own.probabilities[i] }),
    ),
  );
  expect(answers.missing.status).toBe(422);
  expect(answers.missing.errors.map(({ pointer }) => pointer).toSorted()).toEqual(["#/country", "#/income", "#/plan"]);
});

const PRYING = `
import os, sys
def write(path):
    try:
        open(path, "a").close()
        return "done"
    except OSError as error:
        return type(error).__name__
paths = [BESIDE, os.path.join(os.environ["TMPDIR"], "x")]
sys.stderr.write("wrote: " + " ".join(map(write, paths)) + chr(10))
`;

const itOnLinux = process.platform === "linux" ? it : it.skip; // there is no Landlock elsewhere

itOnLinux(
  "a stranger's code can write nothing of ours while it is pinned, and is not taken for Picklepod's",
  async () => {
    const [stranger, bundle] = [temporaryFolder(), copyBundle("classification", "prying")];
    const [beside, imported] = [join(stranger, "beside"), join(stranger, "imported")];
    writeFileSync(join(bundle, "prying.py"), PRYING.replace("BESIDE", JSON.stringify(beside)));
    editManifest(bundle, (text) => text.replace(/^artifacts:/m, "code: {prying: prying.py}\n\nartifacts:"));
    // Python's -m would look in the folder where the person stands before anywhere else.
    for (const name of ["picklepod_box", "picklepod_reference"])
      writeFileSync(join(stranger, `${name}.py`), `open(${JSON.stringify(imported)}, "a").close()\n`);

    const { stderr } = await promisify(execFile)(process.execPath, [bin, "pin", bundle], { cwd: stranger });

    expect(stderr).toContain("wrote: PermissionError done");
    expect([beside, imported].filter((path) => existsSync(path))).toEqual([]);
  },
);

/** picklepod serve <bundle>, for as long as the work takes. */
async function serve<T>(bundle: string, work: (url: string) => Promise<T>): Promise<T> {
  const env = { ...process.env, STATE_DIR: testState };
  const child = spawn(process.execPath, [bin, "serve", bundle, "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  readLines(child.stdout, (line) => lines.push(line));
  readLines(child.stderr, (line) => lines.push(line));
  const ended = new Promise((resolve) => child.on("close", resolve));
  try {
    const url = await until(60_000, "it listens", () => {
      if (child.exitCode !== null) throw new Error(lines.join("\n"));
      return lines.map((line) => /listening on (http:[^"]+)/.exec(line)?.[1]).find(Boolean);
    });
    await until(300_000, "it is ready", async () => ((await ask(`${url}/readyz`)).status === 200 ? true : undefined));
    return await work(url);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}
