import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import {
  type BundleJson,
  bundleJsonSchema,
  type Draft,
  digestOf,
  type Pinned,
  sha256,
  type trainedSchema,
} from "../bundle/description";
import type { Model } from "../predict/model";
import type { z } from "zod";
import { columnsAsJson, sampleResponse, type samplesOf, writeSample } from "./complete-samples";
import type { Sample } from "./sample-rows";

/** What the reference computed: `folder` holds proof.npz, the outputs and fingerprints.json. */
export interface PinResult extends z.infer<typeof trainedSchema> {
  readonly fingerprint: string;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown[]>>>>;
  readonly folder: string;
  readonly samples: ReturnType<typeof samplesOf>;
}

/** Of its samples all is known but what the artifacts will answer. */
export function writeUntrained(folder: string, draft: Draft, samples: PinResult["samples"]): void {
  for (const { file, sample, made } of samples) {
    const known = "text" in made ? refused(made) : { columns: columnsAsJson(made.columns) };
    writeSample(folder, file, { ...asked(sample), ...known });
  }
  const json = { ...draft, artifacts: "trained" as const, tensors: "trained" as const };
  writeBundleJson(folder, { ...json, digest: digestOf(json) });
}

const asked = ({ route, request }: Sample): Sample => ({ ...(route !== undefined && { route }), request });

const refused = ({ status, text }: { status: number; text: string }) => ({
  status,
  response: JSON.parse(text) as Sample["request"],
});

/** Samples first, bundle.json last: a pin that was cut short leaves a bundle that says it is stale. */
export function writePinned(
  folder: string,
  model: Model,
  draft: Draft,
  result: PinResult,
  say: (line: string) => void,
): void {
  const { artifacts, tensors } = result;
  const json = { ...draft, artifacts, tensors };
  const pinned = { ...json, digest: digestOf(json) };
  const before = readBefore(folder);
  for (const line of changes(before, pinned)) say(line);
  const isSameProof =
    before?.digest === pinned.digest &&
    sameFile(join(folder, "samples", "proof.npz"), join(result.folder, "proof.npz"));
  writeProof(folder, result, isSameProof);
  for (const { file, sample, made } of result.samples) {
    writeSample(folder, file, completed(file, sample, made, model, pinned, result, isSameProof));
  }
  writeBundleJson(folder, pinned);
  say(`Wrote bundle.json and samples/ for this machine's fingerprint (${sha256(result.fingerprint).slice(0, 12)})`);
}

function readBefore(folder: string): BundleJson | undefined {
  const file = join(folder, "bundle.json");
  if (!existsSync(file)) return undefined;
  return bundleJsonSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
}

/** What a person should look at before committing: which artifacts changed, and what more they would import. */
function changes(before: BundleJson | undefined, now: Pinned): string[] {
  const old = before === undefined || before.artifacts === "trained" ? {} : before.artifacts;
  return Object.entries(now.artifacts).flatMap(([file, pin]) => {
    const was = old[file];
    if (was?.sha256 === pin.sha256) return [];
    const imports = pin.globals.filter((name) => !was?.globals.includes(name));
    const verb = was === undefined ? "Pinned" : "CHANGED:";
    return [
      `${verb} ${file}: ${pin.root}, ${pin.size} bytes, sha256 ${pin.sha256.slice(0, 12)}…`,
      ...imports.map((name) => `  imports ${name}`),
    ];
  });
}

const sameFile = (a: string, b: string): boolean =>
  existsSync(a) && sha256(readFileSync(a)) === sha256(readFileSync(b));

/** Outputs for other fingerprints stay only while they speak of the same artifacts and rows. */
function writeProof(folder: string, result: PinResult, isSameProof: boolean): void {
  const samples = join(folder, "samples");
  mkdirSync(samples, { recursive: true });
  const index = join(samples, "fingerprints.json");
  const fresh = JSON.parse(readFileSync(join(result.folder, "fingerprints.json"), "utf8")) as object;
  const kept = isSameProof && existsSync(index) ? (JSON.parse(readFileSync(index, "utf8")) as object) : {};
  if (!isSameProof) {
    for (const file of readdirSync(samples).filter((name) => name.endsWith(".npz"))) rmSync(join(samples, file));
  }
  for (const file of readdirSync(result.folder).filter((name) => name.endsWith(".npz"))) {
    copyFileSync(join(result.folder, file), join(samples, file));
  }
  writeFileSync(index, `${JSON.stringify({ ...kept, ...fresh }, null, 2)}\n`);
}

function completed(
  file: string,
  sample: Sample,
  made: PinResult["samples"][number]["made"],
  model: Model,
  pinned: Pinned,
  result: PinResult,
  isSameProof: boolean,
): Sample {
  const head = asked(sample);
  if ("text" in made) return { ...head, ...refused(made) };
  const outputs = (result.outputs[file] ?? {}) as Record<string, Sample["request"][]>;
  const kept = isSameProof ? sample.outputs : {};
  const columns = columnsAsJson(made.columns);
  const { status, text } = sampleResponse(file, sample, model, pinned, outputs);
  return {
    ...head,
    columns,
    outputs: { ...kept, [result.fingerprint]: outputs },
    status,
    response: JSON.parse(text) as Sample["request"],
  };
}

/** With a line for each of half a million names nobody could read it. */
const MOST_NAMES_IN_LINES = 10_000;

function writeBundleJson(folder: string, json: BundleJson): void {
  const file = join(folder, "bundle.json");
  const isWide = json.inputs.numbers.length > MOST_NAMES_IN_LINES;
  writeFileSync(`${file}.new`, `${isWide ? JSON.stringify(json) : JSON.stringify(json, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
