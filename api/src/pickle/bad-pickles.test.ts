import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { readPickle } from "./read-pickle";
import type { DangerCode } from "./reading";

interface Expected {
  readonly code: DangerCode | null;
  readonly honest: boolean;
}

/** The gate's own generator, which also tests the gate in Python: both languages must say the same. */
const generator = resolve(__dirname, "..", "..", "..", "sidecar", "tests");
const folder = mkdtempSync(join(tmpdir(), "bad-pickles-"));
execFileSync("python3", ["-m", "bad_pickles.generate", folder], { cwd: generator });
const expected = Object.entries(
  JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<string, Expected>,
);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a bad pickle is refused for its reason", () => {
  test.each(expected.filter(([, { honest }]) => !honest))("%s", async (file, { code }) => {
    const { container, dangers, note } = await readPickle(join(folder, file));
    // What is a text to everybody else has no dangers, but a note that says so; nothing loads it either.
    const codes = container === "text" && note !== undefined ? ["malformed"] : dangers.map((danger) => danger.code);
    expect(codes).toContain(code);
  });
});

describe("what only looks bad is not refused", () => {
  test.each(expected.filter(([, { honest }]) => honest))("%s", async (file) => {
    const { dangers, root } = await readPickle(join(folder, file));
    expect({ dangers, isFollowed: root !== undefined }).toEqual({ dangers: [], isFollowed: true });
  });
});

test("there are as many as were promised", () => {
  expect(expected.length).toBeGreaterThan(500);
});

test("reading them left no trace of their canaries", () => {
  expect(readdirSync(join(folder, "canary"))).toEqual([]);
});
