import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type BundleJson, digestOf, sha256 } from "../src/bundle/description";
import { bundleFolder } from "./bundles";

const temporary: string[] = [];
process.on("exit", () => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when the process is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "picklepod-test-"));
  temporary.push(folder);
  return folder;
}

/** A copy of a bundle of models/ under another name, as well pinned as the original. */
export function copyBundle(original: string, name: string): string {
  const folder = join(temporaryFolder(), name);
  cpSync(bundleFolder(original), folder, { recursive: true });
  editManifest(folder, (text) => text.replace(/^name: .*$/m, `name: ${name}`));
  editBundleJson(folder, (json) => ({ ...json, name }));
  return folder;
}

/** Changes model.yaml, and leaves bundle.json speaking of the changed one. */
export function editManifest(folder: string, edit: (text: string) => string): void {
  const file = join(folder, "model.yaml");
  const text = edit(readFileSync(file, "utf8"));
  writeFileSync(file, text);
  editBundleJson(folder, (json) => ({ ...json, files: { ...json.files, "model.yaml": sha256(text) } }));
}

/** Changes bundle.json, and mends its digest: as consistent as a careful forger would leave it. */
export function editBundleJson(folder: string, edit: (json: BundleJson) => BundleJson): void {
  const file = join(folder, "bundle.json");
  const edited = edit(JSON.parse(readFileSync(file, "utf8")) as BundleJson);
  writeFileSync(file, JSON.stringify({ ...edited, digest: digestOf(edited) }, null, 2));
}
