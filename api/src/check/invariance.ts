import { exactJson, sampleColumns } from "../pin/complete-samples";
import { proofRows } from "../pin/proof-rows";
import { readSamples, sampleRequest, sampleRoute } from "../pin/sample-rows";
import type { Model } from "../predict/model";
import { ask } from "./ask";
import { type CheckStep, type Invariance, outcome, type StepInvariance, unknown } from "./check-result";
import { inParallel } from "./in-parallel";
import { fewModes, measureInvariance } from "./measure-invariance";
import type { Ready } from "./proof";
import type { ServedBundle } from "./served-bundle";

const MOST_ROWS = 128;
const FEWEST_ROWS = 8;

export interface InvarianceChecked {
  readonly step: CheckStep;
  readonly invariance: Invariance;
}

/** What the proof found of each step, and a short measurement of the whole way: a row's bits alone, in batches, permuted. */
export async function invarianceStep(served: ServedBundle, ready: Ready): Promise<InvarianceChecked> {
  const steps = stepsOf(ready);
  const at = `${served.url}/models/${served.model.bundle.name}/predictions`;
  const rows = await answered(at, candidates(served.model));
  if (rows.length < FEWEST_ROWS) {
    const told = `not measured: only ${rows.length} rows that could be made up are answered; samples with real rows help`;
    return { step: unknown("invariance", told), invariance: { steps, measured: [] } };
  }
  const measured = await measureInvariance(at, rows, rows.length, fewModes);
  const findings = measured
    .filter(({ differing }) => differing > 0)
    .map(({ mode, differing, rows: sent }) => ({
      file: served.model.bundle.folder,
      message: `${differing} of ${sent} rows change their answer when they are sent ${mode}`,
      remedy: "Pin it on this machine, so that its block rules are those of its kernels",
    }));
  const step = outcome("invariance", findings, `${rows.length} rows alone, in batches and permuted: 0 differ`);
  return { step, invariance: { steps, measured } };
}

function stepsOf({ sidecar: { blocks, distances } }: Ready): StepInvariance[] {
  return Object.entries(blocks ?? {}).map(([step, block]) => {
    const { alone, one_call: oneCall } = distances?.[step] ?? {};
    return { step, block, alone: alone ?? null, oneCall: oneCall ?? null };
  });
}

/** Rows of the samples, and as many mixed of them as it takes: as pin makes them for the proof. */
function candidates(model: Model): string[] {
  const { folder, manifest, inputs } = model.bundle;
  const given = [...readSamples(folder)].flatMap(([file, sample]) =>
    "columns" in sampleColumns(file, sample, model)
      ? sampleRequest(sample, sampleRoute(file, sample, manifest)).rows
      : [],
  );
  const known = given.filter((row): row is Record<string, unknown> => typeof row === "object" && row !== null);
  const rows = proofRows(
    known.map((row) => onlyInputs(row, inputs)),
    inputs,
  );
  return rows.slice(0, MOST_ROWS).map(exactJson);
}

/** A contract's route may take columns that the native one does not know. */
const onlyInputs = (row: Record<string, unknown>, inputs: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([name]) => inputs.has(name)));

/** Made-up rows may be what the artifacts refuse, and one of those spoils the call it is in. */
async function answered(url: string, rows: readonly string[]): Promise<string[]> {
  const statuses = await inParallel(8, rows, async (body) => (await ask(url, { body })).status);
  return rows.filter((_, i) => statuses[i] === 200);
}
