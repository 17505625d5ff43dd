import { setTimeout as pause } from "node:timers/promises";

import type { Bundle } from "../bundle/read-bundles";
import type { Availability } from "../predict/model";
import { type CheckStep, found, passed } from "./check-result";
import type { ServedBundle } from "./served-bundle";

/** A sidecar that ends so often while it loads one bundle ends because of it. */
const MOST_ENDINGS = 3;
const LOOK_EVERY_MS = 50;

export type Ready = Extract<Availability, { state: "ready" }>;

export interface Proved {
  readonly step: CheckStep;
  readonly ready: Ready | undefined;
}

/** Waits until the sidecar has proved that the bundle reproduces its samples, or says why it does not. */
export async function proofStep(
  { folder, name }: Bundle,
  served: ServedBundle,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Proved> {
  const failed = (reason: string): Proved => {
    // The sidecar's sentences hold a remedy of their own, which is the nearer one.
    const [, message = reason, remedy = `Where an artifact was meant to change: picklepod pin ${folder}`] =
      /^([^]+?)\.\s+([A-Z][^]+?)\.?$/.exec(reason) ?? [];
    return { step: found("proof", [{ file: name, message, remedy }]), ready: undefined };
  };
  let told = "";
  for (;;) {
    signal.throwIfAborted();
    const { availability } = served.model;
    if (availability.state === "ready") return { step: passed("proof", proofText(availability)), ready: availability };
    if (availability.state === "failed") return failed(availability.reason);
    if (served.endings.length >= MOST_ENDINGS)
      return failed(`its sidecar ends by itself: ${served.endings.at(-1) ?? ""}`);
    const state = `${name}: ${availability.reason}`;
    if (state !== told && availability.state !== "preparing") say((told = state)); // the environment is made already
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

function proofText({ sidecar: { proof } }: Ready): string {
  if (proof === "exact") return "exact: every output has the bits it was pinned with";
  return "other-kernel: this machine's kernels are none it was pinned on; the outputs are as near as kernels are to each other";
}
