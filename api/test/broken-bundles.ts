import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readBundle } from "../src/bundle/read-bundles";
import { copyBundle, editBundleJson, editManifest } from "./bundle-copy";
import { pin } from "./real/real-bundle";
import { runPython } from "./reference-outputs";

/** What is broken is a copy of glm-fit: its outputs are float64, a label and a threshold's. */
export const ORIGINAL = "glm-fit";

/** Ways to break a pinned bundle, each by the name that its copy gets. */
export const breakages: Readonly<Record<string, (folder: string) => void | Promise<void>>> = {
  "other-numpy": (folder) => {
    editBundleJson(folder, (json) => {
      const packages = { ...json.lock.packages, numpy: "1.19.4" };
      return { ...json, lock: { ...json.lock, packages } };
    });
  },
  "other-bytes": (folder) => {
    const file = join(folder, "final_fit.pkl");
    const bytes = readFileSync(file);
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  },
  "artifact-gone": (folder) => {
    editManifest(folder, (text) => text.replace("final_fit.pkl", "final_fit_2.pkl"));
  },
  "proof-one-ulp-off": async (folder) => {
    const bundle = readBundle(folder);
    const stored = Object.values(
      JSON.parse(readFileSync(join(folder, "samples", "fingerprints.json"), "utf8")) as Record<
        string,
        { outputs: string }
      >,
    );
    for (const { outputs } of stored) await runPython(bundle, ["-c", MOVE_ONE_ULP, join(folder, "samples", outputs)]);
  },
  "sample-one-ulp-off": (folder) => {
    const file = join(folder, "samples", "three-rows.json");
    const sample = JSON.parse(readFileSync(file, "utf8")) as { outputs: Record<string, { phat: number[] }> };
    for (const { phat } of Object.values(sample.outputs)) phat[1] = oneUlpAbove(phat[1] ?? 0);
    writeFileSync(file, JSON.stringify(sample));
  },
  "stale-lock": (folder) => {
    const file = join(folder, "requirements.lock");
    writeFileSync(file, `${readFileSync(file, "utf8")}# looked at again\n`);
  },
  "stale-manifest": (folder) => {
    const file = join(folder, "model.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("above: 0.75", "above: 0.8"));
  },
  "stale-steps": (folder) => {
    editManifest(folder, (text) => text.replace("above: 0.75", "above: 0.8"));
  },
  "changed-by-hand": (folder) => {
    const file = join(folder, "bundle.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"0.75"', '"0.85"'));
  },
  "unknown-key": (folder) => {
    editManifest(folder, (text) => text.replace("extra: ignore", "extras: ignore"));
  },
  "not-pinned": (folder) => {
    writeFileSync(join(folder, "bundle.json"), "");
  },
  "without-proof": (folder) => {
    for (const file of readdirSync(join(folder, "samples")).filter((name) => name.startsWith("proof."))) {
      writeFileSync(join(folder, "samples", file), "");
    }
  },
};

const MOVE_ONE_ULP = `
import sys, numpy
stored = dict(numpy.load(sys.argv[1]))
stored["phat"][5] = numpy.nextafter(stored["phat"][5], 1)
numpy.savez(sys.argv[1], **stored)
`;

export function oneUlpAbove(value: number): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = (bits[0] ?? 0n) + 1n;
  return new Float64Array(bits.buffer)[0] ?? NaN;
}

/** A copy of the original that is proved on this machine, before it is broken. */
export async function brokenBundle(name: string): Promise<string> {
  const folder = copyBundle(ORIGINAL, name);
  const here = (await runPython(readBundle(folder), ["-m", "picklepod_reference", "fingerprint"])).trim();
  const known = JSON.parse(readFileSync(join(folder, "samples", "fingerprints.json"), "utf8")) as object;
  if (!(here in known)) await pin(folder);
  await breakages[name]?.(folder);
  return folder;
}
