import { basename, join, resolve } from "node:path";

import type { Bundle } from "../bundle/read-bundles";
import type { Environment } from "../supervise/environments";
import { type CheckResult, type CheckStep, type Invariance, stepNames, unknown } from "./check-result";
import { environmentStep } from "./environment";
import { artifactFiles, gateStep } from "./gate";
import { invarianceStep } from "./invariance";
import { proofStep, type Ready } from "./proof";
import { type FolderRead, readFolder } from "./read-folder";
import { samplesStep } from "./samples";
import type { ServedBundle } from "./served-bundle";

/** What a check needs of the machine: the very things that serving does. */
export interface CheckTools {
  readonly prepare: (bundle: Bundle) => Promise<Environment>;
  readonly serve: (bundle: Bundle) => Promise<ServedBundle>;
  /** Where trained artifacts are. */
  readonly stateFolder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What could be told of a bundle that is served. */
interface Seen {
  readonly steps: readonly CheckStep[];
  readonly ready?: Ready | undefined;
  readonly invariance?: Invariance;
}

/** Everything that can be said of a bundle, step by step; a step that a finding keeps from being looked at is unknown. */
export async function checkBundle(folder: string, tools: CheckTools): Promise<CheckResult> {
  const read = readFolder(folder);
  const gate = await gateOf(folder, read, tools);
  const { bundle } = read;
  const environment =
    bundle && gate.state !== "findings" ? await environmentStep(bundle, () => tools.prepare(bundle)) : undefined;
  const seen = bundle && environment?.state === "ok" ? await look(bundle, tools) : { steps: [] };
  const done = [...read.steps, gate, ...(environment ? [environment] : []), ...seen.steps];
  const steps = stepNames.map((name) => done.find(({ step }) => step === name) ?? unknown(name, whyNot(done)));
  return {
    ok: steps.every(({ findings }) => findings.length === 0),
    folder,
    name: read.manifest?.name ?? basename(resolve(folder)),
    ...provedAs(seen),
    digest: seen.ready?.description.digest ?? bundle?.json.digest ?? null,
    steps,
    invariance: seen.invariance ?? null,
  };
}

function gateOf(folder: string, { manifest, bundle }: FolderRead, { stateFolder }: CheckTools): Promise<CheckStep> {
  if (!manifest) return Promise.resolve(unknown("gate", "model.yaml names the artifacts"));
  const isTrained = manifest.artifacts_from !== undefined;
  const holds = isTrained && bundle ? join(stateFolder, bundle.name) : folder;
  return gateStep(holds, artifactFiles(manifest), new Set(Object.keys(manifest.code ?? {})));
}

async function look(bundle: Bundle, tools: CheckTools): Promise<Seen> {
  const served = await tools.serve(bundle);
  try {
    const { step: proof, ready } = await proofStep(bundle, served, tools.say, tools.signal);
    if (!ready) return { steps: [proof] };
    tools.say(`${bundle.name}: sending its samples, and rows alone, in batches and permuted`);
    const samples = await samplesStep(bundle, served, ready);
    const { step, invariance } = await invarianceStep(served, ready);
    return { steps: [proof, samples, step], ready, invariance };
  } finally {
    await served.stop();
  }
}

function provedAs({ steps, ready }: Seen): Pick<CheckResult, "proof" | "fingerprint"> {
  if (ready) return { proof: ready.sidecar.proof, fingerprint: ready.sidecar.fingerprint };
  return { proof: steps.length > 0 ? "failed" : null, fingerprint: null };
}

const whyNot = (done: readonly CheckStep[]): string => {
  const first = done.find(({ state }) => state === "findings");
  return first ? `not looked at: mend ${first.step} first` : "not looked at";
};
