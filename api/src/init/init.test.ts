import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { noAnswers } from "../../test/hand-made-inspection";
import { CannotPrepare } from "../supervise/cannot-prepare";
import type { Answers } from "./answers";
import { slugOf } from "./bundle-folder";
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
  writeFileSync(join(out, "model.yaml"), "name: old");
  const asked = await run({});
  expect(asked).toMatchObject({ ok: false, findings: [{ code: "usage", message: `${out} is there already.` }] });
  expect(exitCodeOf(asked)).toBe(2);
  expect(existsSync(join(out, "notes.txt"))).toBe(true);
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
