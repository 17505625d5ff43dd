import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";

import { bundleFolder } from "../../test/bundles";
import { fuzzRuns } from "../../test/fuzz-runs";
import { BundleError } from "./finding";
import { readManifest } from "./read-manifest";

jest.setTimeout(3_600_000); // of the long form: npm run fuzz

const folder = mkdtempSync(join(tmpdir(), "picklepod-manifests-"));
const file = join(folder, "model.yaml");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const manifests = ["classification", "flight-delay", "glm-fit", "job-transition", "support-tickets", "exercise-26"].map(
  (name) => readFileSync(join(bundleFolder(name), "model.yaml"), "utf8"),
);

/** Read, or every finding with what to do. */
function outcome(text: string): "read" | BundleError {
  writeFileSync(file, text);
  try {
    readManifest(file);
    return "read";
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
}

it("the manifests that are changed here are read as they are", () => {
  expect(manifests.map(outcome)).toEqual(manifests.map(() => "read"));
});

const scalar = fc.oneof(
  fc.constantFrom(
    "null",
    "~",
    "1e999",
    ".nan",
    "[]",
    "{}",
    '""',
    "*anchor",
    "&a x",
    "!!js/function x",
    "!!binary aa",
    "<<",
    "__proto__",
  ),
  fc.constantFrom(
    "x{0..999999999}",
    "x{9..0}",
    "x{0..",
    "{a,b}{a,b}{a,b}",
    "-1",
    "0",
    "3.10",
    "true",
    "|",
    ">-",
    "\t",
    "%",
    "@",
  ),
  fc.string({ maxLength: 8 }),
);

/** One place of a manifest gets something else. */
const changed = fc
  .record({ which: fc.nat(), line: fc.nat(), how: fc.nat(5), text: scalar, at: fc.nat() })
  .map(({ which, line, how, text, at }) => {
    const lines = (manifests[which % manifests.length] ?? "").split("\n");
    const place = line % lines.length;
    const old = lines[place] ?? "";
    const column = at % (old.length + 1);
    const edits = [
      old.slice(0, column) + text + old.slice(column),
      old.replace(/:.*$/, `: ${text}`),
      `${old}\n${old}`,
      "",
      old.slice(0, column),
      old.replace(/[\w.-]+/, text),
    ];
    return [...lines.slice(0, place), edits[how] ?? "", ...lines.slice(place + 1)].join("\n");
  });

it("any change of a manifest is read, or told by findings that say what to do", () => {
  fc.assert(
    fc.property(changed, (text) => {
      const found = outcome(text);
      if (found === "read") return;
      expect(found.findings.length).toBeGreaterThan(0);
      for (const { message, remedy } of found.findings)
        expect([typeof message, typeof remedy]).toEqual(["string", "string"]);
    }),
    { numRuns: fuzzRuns(600) },
  );
});
