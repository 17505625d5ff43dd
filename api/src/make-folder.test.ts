import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeFolder } from "./make-folder";

const root = mkdtempSync(join(tmpdir(), "picklepod-folder-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

it("makes a folder with those above it, also where it is there already", () => {
  const folder = join(root, "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

it("ends with an error where a file stands in the way, or where nothing can be made", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => {
    makeFolder(join(root, "file", "folder"));
  }).toThrow("ENOTDIR");
  const nowhere = process.platform === "linux" ? "/proc/nothing/of/this" : "/dev/null/nothing/of/this";
  expect(() => {
    makeFolder(nowhere);
  }).toThrow(/ENOENT|ENOTDIR/);
});
