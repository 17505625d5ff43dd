import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { type Draft, digestOf, sha256, trainedSchema } from "../bundle/description";
import { draftOf } from "../bundle/draft";
import { BundleError } from "../bundle/finding";
import { expandInputs } from "../bundle/inputs";
import type { Manifest } from "../bundle/manifest";
import type { Bundle } from "../bundle/read-bundles";
import { readManifest } from "../bundle/read-manifest";
import { joinColumns } from "../rows/columns";
import { createModel, type Model } from "../predict/model";
import { createRowValidator } from "../rows/validate-rows";
import { z } from "zod";
import { checkPackages, pinCode } from "./code-pins";
import { samplesOf } from "./complete-samples";
import { knownInputs } from "./known-inputs";
import { lockRequirements, readLock, type RunUv } from "./lock";
import { poorProof } from "./poor-proof";
import { proofRows } from "./proof-rows";
import { writeColumns } from "./write-columns";
import { type PinResult, writePinned, writeUntrained } from "./write-pinned";

/** What pinning needs of the machine. */
export interface PinTools {
  readonly uv: RunUv;
  /** Makes the bundle's environment and runs `python -m picklepod_reference` in it. Every path is absolute. */
  readonly runReference: (request: {
    python: string;
    lock: string;
    bundle: string;
    args: readonly string[];
    /** The only folder that it may write in, closed in; or "anywhere", and not closed in at all. */
    writes: string;
  }) => Promise<void>;
  readonly say: (line: string) => void;
  /** What makes the proof a poor one, a sentence each; without it, they are said. */
  readonly doubt?: ((sentence: string) => unknown) | undefined;
}

/** From model.yaml and artifacts to bundle.json and samples/: see docs/pin.md.
 * @throws BundleError, Problem with the faults of rows */
export async function pin(
  folder: string,
  givenRows: readonly Record<string, unknown>[],
  tools: PinTools,
): Promise<void> {
  const manifest = readManifest(join(folder, "model.yaml"));
  if (await lockRequirements(folder, manifest, tools.uv))
    tools.say(`Locked ${manifest.environment.lock} for Python ${manifest.environment.python}`);
  const lock = readLock(folder, manifest.environment.lock);
  const code = pinCode(folder, manifest);
  const draft = draftOf(manifest, lock, sha256(readFileSync(join(folder, "model.yaml"))), code);
  checkPackages(folder, draft);
  if (manifest.artifacts_from !== undefined) {
    writeUntrained(folder, draft, samplesOf(folder, modelOf(folder, manifest, draft)));
    tools.say(`Wrote bundle.json; ${manifest.artifacts_from} makes the artifacts and their proof at the first start`);
    return;
  }
  checkArtifacts(folder, manifest);
  const model = modelOf(folder, manifest, draft);
  const work = await mkdtemp(resolve(tmpdir(), "picklepod-pin-"));
  try {
    const result = await computeProof(work, model, givenRows, draft, tools);
    writePinned(folder, model, draft, result, tools.say);
    for (const sentence of poorProof(draft, result.rows, result.distinct)) {
      if (tools.doubt) tools.doubt(sentence);
      else tools.say(`WARNING: ${sentence} Give real rows with --rows FILE.`);
    }
  } finally {
    await rm(work, { recursive: true });
  }
}

/** A model enough to read rows with: nothing is known of its artifacts yet. */
function modelOf(folder: string, manifest: Manifest, draft: Draft): Model {
  const untrained = { ...draft, artifacts: "trained" as const, tensors: "trained" as const };
  const bundle: Bundle = {
    name: manifest.name,
    folder,
    manifest,
    inputs: expandInputs(manifest),
    json: { ...untrained, digest: digestOf(untrained) },
  };
  return createModel(bundle);
}

function checkArtifacts(folder: string, { artifacts }: Manifest): void {
  const findings = Object.entries(artifacts).flatMap(([name, { file, sha256: wanted }]) => {
    const path = join(folder, file);
    if (!existsSync(path))
      return [
        { file: path, message: `the artifact ${name} is not there`, remedy: "Put the file there, or mend artifacts" },
      ];
    const found = sha256(readFileSync(path));
    if (wanted === undefined || wanted === found) return [];
    const message = `the artifact ${name} has the sha256 ${found}, model.yaml says ${wanted}`;
    return [{ file: path, message, remedy: "Bring the file back that model.yaml means, or mend its sha256" }];
  });
  if (findings.length > 0) throw new BundleError(findings);
}

const descriptionSchema = z.strictObject({
  ...trainedSchema.shape,
  fingerprint: z.string(),
  /** By output, how many different answers the proof's rows have. */
  distinct: z.record(z.string(), z.int()),
  outputs: z.record(z.string(), z.record(z.string(), z.array(z.json()))),
});

interface Proof extends PinResult {
  readonly rows: number;
  readonly distinct: Readonly<Record<string, number>>;
}

/** Has the artifacts called, in a process that has none of the sidecar's code, with every row of the proof. */
async function computeProof(
  work: string,
  model: Model,
  givenRows: readonly Record<string, unknown>[],
  draft: Draft,
  tools: PinTools,
): Promise<Proof> {
  const { bundle } = model;
  const samples = samplesOf(bundle.folder, model);
  const sampleColumns = samples.flatMap(({ made }) => ("columns" in made ? [made.columns] : []));
  const known = givenRows.length > 0 ? undefined : await knownInputs(bundle.folder, draft);
  const rows = proofRows(givenRows, bundle.inputs, known);
  // The proof may have more rows than a request.
  const validate = createRowValidator({ inputs: bundle.inputs, extra: bundle.manifest.extra, maxRows: Infinity });
  const { columns } = validate({ rows, pointerOf: (row) => `#/${row}`, ignored: new Set() });
  let first = 0;
  const ranges = samples.flatMap(({ file, made }) => {
    if (!("columns" in made)) return [];
    first += made.columns.rows;
    return [[file, [first - made.columns.rows, made.columns.rows]] as const];
  });
  await writeFile(join(work, "draft.json"), JSON.stringify(draft));
  await writeColumns(work, joinColumns([...sampleColumns, columns]), Object.fromEntries(ranges));
  tools.say(`Calling the artifacts with ${first + rows.length} rows and looking for block rules`);
  const files = [
    "--draft",
    join(work, "draft.json"),
    "--folder",
    resolve(bundle.folder),
    "--columns",
    join(work, "columns.json"),
  ];
  await tools.runReference({
    python: draft.python,
    lock: join(bundle.folder, draft.lock.file),
    bundle: draft.name,
    args: ["pin", ...files, "--out", join(work, "out")],
    writes: work,
  });
  const described = descriptionSchema.parse(JSON.parse(readFileSync(join(work, "out", "description.json"), "utf8")));
  return { ...described, rows: rows.length, folder: join(work, "out"), samples };
}
