import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { noAnswers } from "../../test/hand-made-inspection";
import { project } from "../project";
import { CannotPrepare } from "../supervise/cannot-prepare";
import type { Answers } from "./answers";
import { makeWorkshop, publish, slugOf } from "./bundle-folder";
import { checkOut } from "./check-out";
import { init } from "./init";
import { exitCodeOf, type InitTools } from "./result";

let work: string;
let pickles: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "picklepod-init-"));
  pickles = join(work, "My Pickles (1)");
  mkdirSync(pickles);
});
afterEach(() => {
  rmSync(work, { recursive: true });
});

// protocol 0, as a person may write it: a fitted LinearRegression of two columns needs no more than its coefficients
const LINEAR =
  "csklearn.linear_model._base\nLinearRegression\n)\x81}(X\x10\x00\x00\x00_sklearn_versionX\x05\x00\x00\x001.6.1X\x0e\x00\x00\x00n_features_in_K\x02ub.";

const said: string[] = [];
const toolsThatFail = (error: Error): InitTools => ({
  say: (line) => said.push(line),
  uv: () => Promise.reject(error),
  runReference: () => Promise.reject(error),
});

const run = (given: Partial<Answers>, tools = toolsThatFail(new Error("not reached"))) =>
  init(pickles, { ...noAnswers, ...given, out: given.out ?? join(work, "out") }, tools);

it("says why nothing can be served of a folder, and makes nothing", async () => {
  writeFileSync(join(pickles, "model.pkl"), "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n");
  const result = await run({});
  expect(result).toMatchObject({ ok: false, findings: [{ code: "unreadable", file: "model.pkl" }] });
  expect(exitCodeOf(result)).toBe(1);
  expect(readdirSync(work)).toEqual(["My Pickles (1)"]);
});

it("does not write over what is there, and over what is no bundle never", async () => {
  const out = join(work, "out");
  mkdirSync(out);
  writeFileSync(join(out, "notes.txt"), "mine");
  const refused = await run({ force: true });
  expect(refused).toMatchObject({
    ok: false,
    findings: [{ code: "usage", message: `${out} is there, and is no bundle.` }],
  });
  cpSync(join(project.modelsFolder, "classification"), out, { recursive: true });
  const asked = await run({});
  expect(asked).toMatchObject({ ok: false, findings: [{ code: "usage", message: `${out} is there already.` }] });
  expect(exitCodeOf(asked)).toBe(2);
  expect(await run({ force: true })).toMatchObject({
    findings: [
      {
        code: "usage",
        message: `${out} holds what is not of a bundle, and --force would delete it: notes.txt, train.py.`,
      },
    ],
  });
  expect(existsSync(join(out, "notes.txt"))).toBe(true);
  for (const file of ["notes.txt", "train.py"]) rmSync(join(out, file));
  expect(() => {
    checkOut(out, true, pickles);
  }).not.toThrow();
});

it("leaves the folder of the pickles alone, whatever it is told", async () => {
  symlinkSync(pickles, join(work, "link"));
  const places: [out: string, how: string][] = [
    [pickles, "is"],
    [join(work, "link"), "is"],
    [work, "holds"],
  ];
  for (const [out, how] of places) {
    const message = `${out} ${how} the folder of the pickles: nothing there is changed.`;
    expect(await run({ out, force: true })).toMatchObject({ findings: [{ code: "usage", message }] });
  }
});

it("says so where what is given is no folder", async () => {
  const file = join(pickles, "price.pkl");
  writeFileSync(file, "x");
  const tools = toolsThatFail(new Error("not reached"));
  const out = join(work, "out");
  expect(await init(join(work, "nosuch"), { ...noAnswers, out }, tools)).toMatchObject({
    findings: [{ code: "usage", message: `There is no folder ${join(work, "nosuch")}.` }],
  });
  expect(await init(file, { ...noAnswers, out }, tools)).toMatchObject({
    findings: [
      {
        code: "usage",
        message: `${file} is a file, not a folder.`,
        remedy: `Give its folder: picklepod init ${pickles} --predictor price.pkl`,
      },
    ],
  });
  const other = join(work, "other.txt");
  writeFileSync(other, "mine");
  for (const place of [other, join(other, "deep")])
    expect(await run({ out: place, force: true })).toMatchObject({
      findings: [{ code: "usage", message: `${other} is a file.` }],
    });
});

it("what was there is gone only once the new stands in its place", () => {
  const out = join(work, "out");
  mkdirSync(out);
  writeFileSync(join(out, "old"), "");
  expect(() => {
    publish(join(work, "nosuch"), out);
  }).toThrow("ENOENT");
  expect(readdirSync(out)).toEqual(["old"]);
  publish(makeWorkshop(out), out);
  expect([readdirSync(out), readdirSync(work)]).toEqual([["samples"], ["My Pickles (1)", "out"]]);
});

it("tells what this machine lacks, and leaves nothing behind", async () => {
  writeFileSync(join(pickles, "model.pkl"), Buffer.from(`\x80\x02${LINEAR}`, "latin1"));
  const result = await run(
    {},
    toolsThatFail(new CannotPrepare("The package index cannot be reached.", "Check the network.")),
  );
  expect(result).toEqual({
    ok: false,
    findings: [
      {
        code: "environment",
        file: undefined,
        message: "The package index cannot be reached.",
        remedy: "Check the network.",
      },
    ],
  });
  expect(exitCodeOf(result)).toBe(3);
  expect(readdirSync(work)).toEqual(["My Pickles (1)"]);
});

it("says so where the index has no such version of what wrote the pickles", async () => {
  writeFileSync(join(pickles, "model.pkl"), Buffer.from(`\x80\x02${LINEAR}`, "latin1"));
  const why =
    "Because there is no version of scikit-learn==1.6.1 and\n      you require scikit-learn==1.6.1, we are done.";
  const result = await run({}, toolsThatFail(new CannotPrepare(why, "", "wheels")));
  expect(result).toEqual({
    ok: false,
    findings: [
      {
        code: "version",
        file: "model.pkl",
        message: "model.pkl says that scikit-learn 1.6.1 wrote it, and the package index has no such version.",
        remedy:
          "Say which one is to be taken: --require scikit-learn==VERSION; or give the index that has it (UV_INDEX).",
      },
    ],
  });
  expect(exitCodeOf(result)).toBe(1);
});

it("says so where nobody can be asked", async () => {
  said.length = 0;
  await run({ yes: false });
  expect(said[0]).toBe("Nobody can be asked here: taking what is likeliest, as with --yes");
});

it("what is expected needs rows", async () => {
  const expected = join(work, "expected.json");
  writeFileSync(expected, "[1]");
  expect(await run({ expected })).toMatchObject({
    findings: [{ code: "usage", message: "--expected has nothing to go with." }],
  });
});

it("a bundle is called as its folder is, as far as addresses allow", () => {
  expect(["My Pickles (1)", "Über_Modell.v2", "+++", "a"].map(slugOf)).toEqual([
    "my-pickles-1",
    "uber-modell-v2",
    "model",
    "a",
  ]);
});
