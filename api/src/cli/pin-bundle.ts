import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { BundleError } from "../bundle/finding";
import { readBundle } from "../bundle/read-bundles";
import { pin } from "../pin/pin";
import { folderOf } from "./bundle-argument";
import { print, printJson } from "./terminal";
import { createTools } from "./tools";
import { UsageError } from "./usage-error";

/** Pins a bundle; what was written is the result. */
export async function pinBundle(
  word: string,
  rowsFile: string | undefined,
  json: boolean,
  say: (line: string) => void,
): Promise<void> {
  const folder = folderOf(word);
  const rows = rowsFile === undefined ? [] : readRows(rowsFile);
  if (!existsSync(join(folder, "model.yaml"))) throw noBundle(folder);
  mkdirSync(join(folder, "samples"), { recursive: true });
  const told: string[] = [];
  const tell = (line: string): void => {
    told.push(line);
    (json ? say : print)(line);
  };
  await pin(folder, rows, { ...createTools(), say: tell });
  if (json) printJson({ ok: true, folder, ...writtenOf(folder), told });
}

function writtenOf(folder: string) {
  const { name, json } = readBundle(folder);
  return { name, digest: json.digest, written: [join(folder, "bundle.json"), join(folder, "samples")] };
}

const noBundle = (folder: string): BundleError =>
  new BundleError([
    {
      file: join(folder, "model.yaml"),
      message: "is not there",
      remedy: "`picklepod init <a folder of pickles>` writes one; a bundle is a folder with a model.yaml",
    },
  ]);

function readRows(file: string): Record<string, unknown>[] {
  const rows = parse(file);
  const isRows = Array.isArray(rows) && rows.every((row) => typeof row === "object" && row !== null);
  if (!isRows) throw new UsageError(`${file} is not a JSON list of rows: [{"x": 1}, {"x": 2}]`);
  return rows as Record<string, unknown>[];
}

function parse(file: string): unknown {
  if (!existsSync(file)) throw new UsageError(`${file} is not there: --rows takes a file with a JSON list of rows`);
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
