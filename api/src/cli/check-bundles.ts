import { join } from "node:path";

import { checkBundle, type CheckTools } from "../check/check-bundle";
import type { CheckResult } from "../check/check-result";
import { printCheck } from "../check/print-check";
import { readSettings } from "../settings";
import { prepareEnvironment } from "../supervise/environments";
import { folderOf } from "./bundle-argument";
import { bundleNames } from "./completion";
import { endWith } from "./exit-codes";
import { interrupted } from "./interruption";
import { serveBundle } from "./serve-bundle";
import { coloursOf, print, printJson, say } from "./terminal";
import { environmentRequest } from "./tools";

/** Checks one bundle after the other, and tells of each as soon as it is known. */
export async function checkBundles(words: readonly string[], json: boolean): Promise<void> {
  const all = words.flatMap((word) => (word === "all" ? bundleNames() : [word]));
  const results: CheckResult[] = [];
  for (const word of new Set(all)) {
    const result = await checkBundle(folderOf(word), tools());
    results.push(result);
    if (!json) print(printCheck(result, coloursOf("stdout")));
  }
  if (json) printJson({ ok: results.every(({ ok }) => ok), bundles: results });
  endWith(endingOf(results));
}

/** What is wrong with a bundle comes first: what this machine lacks another may have. */
function endingOf(results: readonly CheckResult[]): "done" | "findings" | "lacking" {
  const findings = results.flatMap(({ steps }) => steps.flatMap((step) => step.findings));
  if (findings.length === 0) return "done";
  return findings.every(({ lacking }) => lacking) ? "lacking" : "findings";
}

const tools = (): CheckTools => ({
  prepare: ({ name, folder, json }) =>
    prepareEnvironment(environmentRequest(json.python, join(folder, json.lock.file), name)),
  serve: serveBundle,
  stateFolder: readSettings().STATE_DIR,
  say,
  signal: interrupted,
});
