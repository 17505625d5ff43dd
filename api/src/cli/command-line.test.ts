import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { noAnswers } from "../../test/hand-made-inspection";
import type { Answers } from "../init/answers";
import { runCommandLine } from "./command-line";
import type { InitFlags } from "./init";
import { answersOf } from "./init-answers";
import { verbNames } from "./verbs";

let flags: InitFlags | undefined;
jest.mock("./init-folder", () => ({ initFolder: (given: InitFlags) => void (flags = given) }));

const refusal = (...words: string[]): Promise<string> =>
  runCommandLine(words).then(
    () => "understood",
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
  );

describe("what is not understood is told with what was probably meant", () => {
  it.each([
    [[], `Say what to do: ${verbNames.join(", ")}. See \`picklepod --help\`.`],
    [["inspct", "x"], "There is no verb inspct. Did you mean inspect? See `picklepod --help`."],
    [["frobnicate"], "There is no verb frobnicate. See `picklepod --help`."],
    [["check", "mine", "--jsn"], "check does not know jsn. Did you mean --json? See `picklepod check --help`."],
    [["pin", "a", "b"], "pin does not know b. See `picklepod pin --help`."],
    [["pin"], "pin takes more: picklepod pin <bundle>. See `picklepod pin --help`."],
    [["pin", "x", "--rows"], "Not enough arguments following: rows. See `picklepod pin --help`."],
    [["pin", "x", "--rows", "a", "--rows", "b"], "--rows was given more than once: it takes one value"],
    [["serve", "--port", "ninety"], "--port ninety: a port is a whole number from 0 to 65535"],
    [["serve", "--port", "65536"], "--port 65536: a port is a whole number from 0 to 65535"],
  ])("%j", async (words, message) => {
    expect(await refusal(...words)).toBe(`UsageError: ${message}`);
  });
});

describe("init's flags become answers", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "picklepod-flags-"));
    writeFileSync(join(folder, "names.json"), '["age", "income"]');
    writeFileSync(join(folder, "notebook.py"), "");
    writeFileSync(join(folder, "rows.csv"), "age\n1\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const NOTHING: Answers = { ...noAnswers, yes: false };
  const answersTo = async (...words: string[]): Promise<Answers> => {
    await runCommandLine(["init", "mine", ...words]);
    if (!flags) throw new Error("init was not called");
    return answersOf(flags);
  };

  it("none of them leaves everything to be found out", async () => {
    expect(await answersTo()).toEqual(NOTHING);
  });

  it("each of them", async () => {
    const given = await answersTo(
      ...["--out", join(folder, "out"), "--name", "churn", "--sample", join(folder, "rows.csv"), "--yes", "--force"],
      ...["--predictor", "model.pkl#models#0", "--transformer", "scaler.pkl", "--transformer", "all.pkl#pca"],
      ...["--code", `__main__=${join(folder, "notebook.py")}`, "--code", join(folder, "notebook.py")],
      ...["--require", "nltk==3.8", "--python", "3.9", "--one-hot", "day, month", "--select", "features.pkl"],
      ...["--input", "x{0..4}={type: number, null: nan}", "--input", "age=integer"],
      ...["--labels", "0=no,1=yes", "--threshold", "0.35", "--positive", "1"],
      ...["--columns", join(folder, "names.json")],
    );
    expect(given).toEqual({
      ...NOTHING,
      out: join(folder, "out"),
      name: "churn",
      sample: join(folder, "rows.csv"),
      yes: true,
      force: true,
      predictor: { file: "model.pkl", key: ["models", 0] },
      transformers: [
        { file: "scaler.pkl", key: [] },
        { file: "all.pkl", key: ["pca"] },
      ],
      code: [
        { module: "__main__", file: join(folder, "notebook.py") },
        { module: undefined, file: join(folder, "notebook.py") },
      ],
      requirements: ["nltk==3.8"],
      python: "3.9",
      inputs: [
        { pattern: "x{0..4}", entry: { type: "number", null: "nan" } },
        { pattern: "age", entry: "integer" },
      ],
      oneHot: ["day", "month"],
      columns: ["age", "income"],
      select: { file: "features.pkl", key: [] },
      labels: [
        { value: "0", text: "no" },
        { value: "1", text: "yes" },
      ],
      threshold: 0.35,
      positive: "1",
    });
  });

  it("a file of names that is no JSON, or no list of names, is refused", async () => {
    const file = join(folder, "bad.json");
    for (const text of ["age, income", '{"age": 1}']) {
      writeFileSync(file, text);
      const message = `--columns ${file}: it is to hold a JSON list of names`;
      await expect(answersTo("--columns", file)).rejects.toThrow(message);
    }
  });

  it("lists may be written out", async () => {
    expect(await answersTo("--columns", "a,b", "--labels", "no,yes")).toEqual({
      ...NOTHING,
      columns: ["a", "b"],
      labels: [
        { value: undefined, text: "no" },
        { value: undefined, text: "yes" },
      ],
    });
  });

  it.each([
    [["--sample", "nowhere.csv"], "--sample nowhere.csv: there is no such file"],
    [["--sample", "."], "--sample .: that is a folder; it takes a file"],
    [["--code", "__main__=."], "--code __main__=.: that is a folder; it takes a file"],
    [["--columns", "nowhere.json"], "--columns nowhere.json: there is no such file"],
    [["--code", "nowhere.py"], "--code nowhere.py: there is no file nowhere.py"],
    [["--python", "python3"], "--python python3: it takes major.minor, such as 3.11"],
    [["--python", "3.14"], "--python 3.14: bundles run under Python 3.7, 3.8, 3.9, 3.10, 3.11, 3.12, 3.13"],
    [["--name", "My Model"], "--name My Model: it takes lower-case letters, digits and -"],
    [["--threshold", "half"], "--threshold half: it takes a number, such as 0.5"],
    [
      ["--input", "age"],
      "--input age: write --input 'age=integer' or --input 'day={type: category, values: [mon, tue]}'",
    ],
  ])("%j is refused with what it takes", async (words, message) => {
    await expect(answersTo(...words)).rejects.toThrow(message);
  });
});
