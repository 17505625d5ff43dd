import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { type Bundle, readBundle } from "../src/bundle/read-bundles";
import { columnsAsJson, exactJson } from "../src/pin/complete-samples";
import { createModel } from "../src/predict/model";
import { project } from "../src/project";
import { sidecarVariables } from "../src/supervise/child-variables";
import { prepareEnvironment } from "../src/supervise/environments";

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The interpreter that a bundle's sidecar runs under. */
export async function pythonOf({ name, folder, json: { python, lock } }: Bundle): Promise<string> {
  const environment = await prepareEnvironment({
    python,
    lock: join(folder, lock.file),
    bundles: [name],
    sidecarLock: project.sidecarLock(python),
    sidecarRoot: project.sidecarRoot,
    uvRequirements: project.uvRequirements,
    cacheDir: project.cacheFolder,
    env: process.env,
    log: quiet,
  });
  return environment.python;
}

/** Runs Python code, or a module with `-m`, under a bundle's environment; rejects with what it wrote. */
export async function runPython(bundle: Bundle, args: readonly string[]): Promise<string> {
  const run = promisify(execFile);
  const options = { env: sidecarVariables(process.env), maxBuffer: 1024 * 1024 * 1024 };
  return (await run(await pythonOf(bundle), args, options)).stdout;
}

export type Outputs = Readonly<Record<string, readonly unknown[]>>;

/**
 * What the artifacts give for these rows (JSON texts), called by plain code in a process of its own that has none of
 * the sidecar's, under these block rules.
 */
export async function referenceOutputs(
  folder: string,
  rows: readonly string[],
  blocks: Readonly<Record<string, string>>,
  state?: string,
): Promise<Outputs> {
  const bundle = readBundle(folder);
  const { columns } = createModel(bundle).validate({
    rows: rows.map((row): unknown => JSON.parse(row)),
    pointerOf: (row) => `#/${row}`,
    ignored: new Set(),
  });
  const work = mkdtempSync(join(tmpdir(), "picklepod-reference-"));
  try {
    const file = (name: string): string => join(work, name);
    writeFileSync(file("columns.json"), exactJson(columnsAsJson(columns)));
    writeFileSync(file("blocks.json"), JSON.stringify(blocks));
    const given = ["--columns", file("columns.json"), "--blocks", file("blocks.json"), "--out", file("outputs.json")];
    const trained = state === undefined ? [] : ["--state", join(state, bundle.name)];
    await runPython(bundle, ["-m", "picklepod_reference", "run", "--bundle", folder, ...trained, ...given]);
    return JSON.parse(readFileSync(file("outputs.json"), "utf8")) as Outputs;
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Whether a prediction, as JSON, has the very values of row `row`: -0 is not 0, and null stands for NaN. */
export function isRowOf(outputs: Outputs, row: number, prediction: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(outputs);
  return (
    names.length === Object.keys(prediction).length &&
    names.every((name) => sameBits(outputs[name]?.[row], prediction[name]))
  );
}

function sameBits(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
  return a.length === b.length && a.every((value, i) => sameBits(value, b[i]));
}
