import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Draft } from "../bundle/description";
import { sha256 } from "../bundle/description";
import { draftOf } from "../bundle/draft";
import { expandInputs } from "../bundle/inputs";
import type { Manifest } from "../bundle/manifest";
import { readManifest } from "../bundle/read-manifest";
import { pinCode } from "../pin/code-pins";
import { columnsAsJson } from "../pin/complete-samples";
import { readLock } from "../pin/lock";
import { createRowValidator } from "../rows/validate-rows";
import { type ArtifactFacts, describe } from "./describe";
import { manifestText } from "./manifest/write-manifest";
import type { BundlePlan } from "./plan/plan";
import type { InitTools } from "./result";
import type { Row } from "./sample/read-sample";

/** A bundle's model.yaml as it would be, read back as it will be read.
 * @throws BundleError */
export async function readPlan(plan: BundlePlan): Promise<Manifest> {
  const work = await mkdtemp(join(tmpdir(), "picklepod-plan-"));
  try {
    const file = join(work, "model.yaml");
    writeFileSync(file, manifestText(plan));
    return readManifest(file);
  } finally {
    await rm(work, { recursive: true });
  }
}

/** Runs each plan's steps with a few rows.
 * @throws Problem where the rows are not what the inputs take */
export async function tryPlans(
  folder: string,
  plans: ReadonlyMap<string, BundlePlan>,
  rows: readonly Row[],
  tools: InitTools,
): Promise<ArtifactFacts> {
  mkdirSync(join(folder, "samples"), { recursive: true });
  const drafts = new Map<string, Draft>();
  let first: Manifest | undefined;
  for (const [name, plan] of plans) {
    const manifest = await readPlan(plan);
    first ??= manifest;
    const lock = readLock(folder, manifest.environment.lock);
    drafts.set(name, draftOf(manifest, lock, sha256(manifestText(plan)), pinCode(folder, manifest)));
  }
  const [plan] = plans.values();
  if (first === undefined || plan === undefined) throw new RangeError("there is no plan to be tried");
  const validate = createRowValidator({ inputs: expandInputs(first), extra: "ignore", maxRows: rows.length });
  const { columns } = validate({ rows, pointerOf: (row) => `#/${row}`, ignored: new Set() });
  return describe({ folder, artifacts: plan.artifacts, drafts, columns: columnsAsJson(columns) }, tools);
}
