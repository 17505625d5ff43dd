import { basename, dirname } from "node:path";
import { stat } from "node:fs/promises";

import { candidatesIn } from "./chains/candidates";
import { findChains } from "./chains/chains";
import { findingsOf } from "./folder/findings";
import { readRequired } from "./folder/requirements";
import { namesInThing, readJsonFacts } from "./folder/side-files";
import { type WalkedFile, walk } from "./folder/walk";
import { type OpenedFile, openFile } from "./inspect-file";
import type { FolderInspection, InspectOptions } from "./inspection";

/** Every artifact of a folder, and which of them belong together. Nothing is run. */
export async function inspectFolder(folder: string, options: InspectOptions = {}): Promise<FolderInspection> {
  const { artifacts, texts, code } = await walk(folder);
  const files = code.map(({ relative }) => relative);
  const inspection = await inspectAll(folder, artifacts, texts, { ...options, own: { folder, files } });
  return { ...inspection, code: files };
}

/** A file by itself, or a folder. */
export async function inspectPath(path: string, options: InspectOptions = {}): Promise<FolderInspection> {
  const found = await stat(path);
  if (found.isDirectory()) return inspectFolder(path, options);
  const file = { path, relative: basename(path), size: found.size };
  return inspectAll(dirname(path), [file], [], options);
}

async function inspectAll(
  folder: string,
  artifacts: readonly WalkedFile[],
  texts: readonly WalkedFile[],
  options: InspectOptions,
): Promise<FolderInspection> {
  const opened: OpenedFile[] = [];
  const bytes = new Map<string, string>();
  for (const { path, relative } of artifacts) {
    const file = await openFile(path, relative, options);
    const sameAs = bytes.get(file.inspection.sha256);
    bytes.set(file.inspection.sha256, sameAs ?? relative);
    opened.push(
      sameAs === undefined ? lightened(file) : { ...file, inspection: { ...file.inspection, sameAs }, root: undefined },
    );
  }
  const required = await readRequired(texts);
  const json = await readJsonFacts(texts);
  const lists = [...opened.flatMap(({ inspection }) => namesInThing(inspection.file, inspection.thing)), ...json.names];
  const chains = findChains(opened, lists, json.categories);
  const files = opened.map(({ inspection }) => inspection);
  return { folder, files, chains, ...required, findings: findingsOf(files, chains, required) };
}

/** What is no estimator is not asked again, and need not be kept. */
function lightened(file: OpenedFile): OpenedFile {
  return candidatesIn(file).length > 0 ? file : { ...file, root: undefined };
}
