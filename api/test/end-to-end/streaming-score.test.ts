import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { bundleFolder } from "../bundles";
import { runCommandLine } from "../picklepod-command";

jest.setTimeout(900_000); // the first use of a bundle on a machine makes its environment

const folder = mkdtempSync(join(tmpdir(), "picklepod-score-"));
const RIGHT = 'OPERA,TIPOVUELO,MES\nIberia,I,1\n"Sky Airline",N,12\n';
const TABLE = "label,probability\n1,0.6748555302619934\n1,0.5030596852302551\n";

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const score = (...args: string[]) => runCommandLine(["score", ...args]);
const mine = ["--bundle", bundleFolder("flight-delay")];
const rightRows = file("rows.csv", RIGHT);

it("score writes the predictions to stdout, how many there were to stderr, and ends with 0", async () => {
  const { code, stdout, stderr } = await score(rightRows, ...mine);
  expect({ code, stdout }).toEqual({ code: 0, stdout: TABLE });
  expect(stderr).toMatch(/^2 rows in [\d.]+ s \(\d+ rows\/s\): 2 predicted, 0 refused\n$/);
});

it("score reads what is compressed by its name, and writes another form", async () => {
  const { code, stdout } = await score(file("rows.csv.gz", gzipSync(RIGHT)), ...mine, "--to", "ndjson");
  expect([code, stdout.split("\n")[0]]).toEqual([0, '{"label":1,"probability":0.6748555302619934}']);
});

it.each([[["-"]], [[]]])("score reads stdin where the file is %j", async (rows) => {
  const { code, stdout } = await runCommandLine(["score", ...rows, ...mine], { input: RIGHT });
  expect({ code, stdout }).toEqual({ code: 0, stdout: TABLE });
});

it("score ends with 1 where a row was refused, and says why where nothing is written in its place", async () => {
  const rows = file("wrong.csv", `${RIGHT}Iberia,I,13\n`);
  const skipped = await score(rows, ...mine, "--on-error", "skip");
  expect({ code: skipped.code, stdout: skipped.stdout }).toEqual({ code: 1, stdout: TABLE });
  expect(skipped.stderr).toMatch(/: 2 predicted, 1 refused\n$/);
  const failed = await score(rows, ...mine);
  expect({ code: failed.code, stdout: failed.stdout }).toEqual({ code: 1, stdout: "" });
  expect(failed.stderr).toContain('#/2/MES: MES is "13"; allowed: one of 1, 2,');
});

it("score tells what is missing: whom to ask, a file, a server", async () => {
  expect(await score(rightRows)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Say what to ask: /) as string,
  });
  expect((await score(join(folder, "none.csv"), ...mine)).code).toBe(2);
  const nobody = await score(rightRows, "--url", "http://127.0.0.1:9/predict");
  expect(nobody).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/does not answer/) as string });
});
