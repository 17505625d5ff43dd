import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "../../test/bundle-copy";
import { watchFolders } from "./watch-folders";

const LOOK_MS = 20;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const looks = (count: number): Promise<void> => pause(count * 4 * LOOK_MS); // on a busy machine too

let models: string;
let told: number;
let stop: () => void;
beforeEach(async () => {
  models = temporaryFolder();
  mkdirSync(join(models, "a", "samples"), { recursive: true });
  writeFileSync(join(models, "a", "bundle.json"), "1");
  told = 0;
  stop = watchFolders(["all"], models, () => (told += 1), LOOK_MS);
  await looks(2);
});
afterEach(() => {
  stop();
});

it.each<[string, () => void]>([
  [
    "a file of a bundle",
    () => {
      writeFileSync(join(models, "a", "bundle.json"), "22");
    },
  ],
  [
    "a sample",
    () => {
      writeFileSync(join(models, "a", "samples", "one.json"), "{}");
    },
  ],
  [
    "a new folder",
    () => {
      cpSync(join(models, "a"), join(models, "b"), { recursive: true });
    },
  ],
  [
    "a folder that is gone",
    () => {
      rmSync(join(models, "a"), { recursive: true });
    },
  ],
  [
    "a folder that takes the place of another",
    () => {
      cpSync(join(models, "a"), join(models, "a.new"), { recursive: true });
      renameSync(join(models, "a"), join(models, "a.old"));
      renameSync(join(models, "a.new"), join(models, "a"));
      rmSync(join(models, "a.old"), { recursive: true });
    },
  ],
])("%s is told once", async (_what, change) => {
  change();
  await looks(4);
  expect(told).toBe(1);
});

it("nothing is told where nothing changes, and of what keeps changing not before it rests", async () => {
  await looks(3);
  expect(told).toBe(0);
  const end = performance.now() + 10 * LOOK_MS;
  for (let i = 2; performance.now() < end; i += 1) {
    writeFileSync(join(models, "a", "bundle.json"), "x".repeat(i));
    await new Promise(setImmediate);
  }
  expect(told).toBe(0);
  await looks(4);
  expect(told).toBe(1);
});
