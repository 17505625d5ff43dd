import { basename, join } from "node:path";

import { BundleError, type Finding } from "../bundle/finding";
import { expandInputs } from "../bundle/inputs";
import type { Manifest } from "../bundle/manifest";
import { type Bundle, readBundle } from "../bundle/read-bundles";
import { readManifest } from "../bundle/read-manifest";
import { type CheckStep, found, outcome, passed, unknown } from "./check-result";

/** A bundle's folder as far as it can be read: the three steps that need nothing but its files. */
export interface FolderRead {
  readonly manifest: Manifest | undefined;
  /** Where nothing is wrong with it. */
  readonly bundle: Bundle | undefined;
  readonly steps: readonly CheckStep[];
}

export function readFolder(folder: string): FolderRead {
  const manifest = attempt(() => readManifest(join(folder, "model.yaml")));
  if ("findings" in manifest) {
    const later = "model.yaml cannot be read";
    return {
      manifest: undefined,
      bundle: undefined,
      steps: [found("manifest", manifest.findings), unknown("bundle.json", later), unknown("pins", later)],
    };
  }
  const { value } = manifest;
  const count = (things: number, what: string): string => `${things} ${what}${things === 1 ? "" : "s"}`;
  const told = [
    count(expandInputs(value).size, "input"),
    count(value.steps.length, "step"),
    count(Object.keys(value.outputs).length, "output"),
  ].join(", ");
  const read = attempt(() => readBundle(folder));
  const pinned = "findings" in read ? pinSteps(read.findings) : pinsHold(read.value);
  return {
    manifest: value,
    bundle: "value" in read ? read.value : undefined,
    steps: [passed("manifest", told), ...pinned],
  };
}

/** Reading a bundle tells both at once: what is wrong with bundle.json, and which file is not the one it was made from. */
function pinSteps(findings: readonly Finding[]): CheckStep[] {
  const isStale = ({ file }: Finding): boolean => ["bundle.json", "model.yaml"].includes(basename(file));
  const [stale, changed] = [findings.filter(isStale), findings.filter((finding) => !isStale(finding))];
  const isReadable = changed.length > 0 || stale.some(({ file }) => basename(file) === "model.yaml");
  return [
    outcome("bundle.json", stale, "made from this model.yaml"),
    isReadable
      ? outcome("pins", changed, "every file it names is the one it was made from")
      : unknown("pins", "bundle.json cannot be trusted"),
  ];
}

function pinsHold({ json }: Bundle): CheckStep[] {
  const artifacts = json.artifacts === "trained" ? 0 : Object.keys(json.artifacts).length;
  const files = artifacts === 0 ? "" : `${artifacts} artifact${artifacts === 1 ? "" : "s"} and `;
  return [
    passed("bundle.json", `fresh, digest ${json.digest.slice(0, 12)}…`),
    passed("pins", `${files}${json.lock.file} as pinned`),
  ];
}

function attempt<T>(read: () => T): { value: T } | { findings: readonly Finding[] } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof BundleError) return { findings: error.findings };
    throw error;
  }
}
