import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Bundle } from "../../bundle/read-bundles";
import { sidecarVariables } from "../../supervise/child-variables";
import { findEnvironment } from "../../supervise/environments";
import { runCommand } from "../../supervise/run-command";
import { environmentRequest, machine } from "../tools";
import { type DoctorLine, ok, warn } from "./doctor-line";

/** Whether each bundle was pinned on a machine whose kernels are this one's. Only a made environment can tell. */
export async function examineFingerprints(bundles: readonly Bundle[]): Promise<DoctorLine[]> {
  const asked = new Map<string, Promise<string | undefined>>();
  const lines: DoctorLine[] = [];
  for (const bundle of bundles) {
    const { python, lock } = bundle.json;
    const key = `${python} ${lock.sha256}`;
    const fingerprint = asked.get(key) ?? fingerprintOf(bundle);
    asked.set(key, fingerprint);
    lines.push(lineOf(bundle, await fingerprint));
  }
  return lines;
}

function lineOf({ name, folder, json }: Bundle, fingerprint: string | undefined): DoctorLine {
  const what = `kernels of ${name}`;
  if (fingerprint === undefined) return ok(what, "known once its environment is made, at the first start");
  const kernels = fingerprint.split("; ").slice(0, -1).join("; "); // without numpy's long list of instructions
  if (json.artifacts === "trained") return ok(what, kernels);
  if (knownIn(folder).includes(fingerprint)) return ok(what, `it was pinned on the same: ${kernels}`);
  const remedy = `It is proved within a tolerance; for the very bits: picklepod pin ${name}`;
  return warn(what, `none it was pinned on: ${kernels}`, remedy);
}

function knownIn(folder: string): string[] {
  const file = join(folder, "samples", "fingerprints.json");
  return existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, "utf8")) as object) : [];
}

async function fingerprintOf({ name, folder, json }: Bundle): Promise<string | undefined> {
  const request = environmentRequest(json.python, join(folder, json.lock.file), name);
  const environment = await findEnvironment(request);
  if (!environment) return undefined;
  const { env, signal } = machine();
  const outcome = await runCommand({
    program: environment.python,
    args: ["-m", "picklepod_reference", "fingerprint"],
    env: sidecarVariables(env),
    timeoutMs: 60_000,
    signal,
  });
  return outcome.ok ? outcome.output.trim() : undefined;
}
