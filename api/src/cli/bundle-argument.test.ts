import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { folderOf } from "./bundle-argument";
import { UsageError } from "./usage-error";

const root = realpathSync(mkdtempSync(join(tmpdir(), "picklepod-named-")));
const [here, models] = [join(root, "here"), join(root, "own")];
const before = process.cwd();

/** Below the root, as it is written there. */
const named = (word: string): string => folderOf(word, models).slice(root.length + 1);

function write(file: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), "");
}

beforeAll(() => {
  for (const bundle of ["own/churn", "own/fraud", "own/spam", "here/churn", "here/models/churn", "here/models/fraud"])
    write(`${bundle}/model.yaml`);
  write("here/spam/notes.txt");
  write("here/pickles/model.pkl");
  process.chdir(here);
});
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

it.each([
  ["churn", "here/churn", "the bundle where one stands comes before any other of that name"],
  ["fraud", "here/models/fraud", "then that of models/ there"],
  ["spam", "own/spam", "then that of Picklepod's models/, also where a folder of that name is no bundle"],
  ["./models/churn", "here/models/churn", "a path is that path"],
  ["pickles", "here/pickles", "a folder that is no bundle is told as the one that is there"],
])("%s is %s: %s", (word, folder) => {
  expect(named(word)).toBe(folder);
});

it("what is nowhere was not understood, as with every other verb", () => {
  expect(() => named("nothing")).toThrow(
    new UsageError("nothing: there is no such folder, here or in models/. `picklepod init` makes a bundle of pickles"),
  );
});
