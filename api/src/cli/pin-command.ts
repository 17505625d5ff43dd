import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { BundleError } from "../bundle/finding";
import { bundleFolder } from "../bundle/read-bundles";
import { Problem } from "../problems";
import { project } from "../project";
import { readSettings } from "../settings";
import { CannotPrepare } from "../supervise/cannot-prepare";
import { installerVariables, sidecarVariables } from "../supervise/child-variables";
import { prepareEnvironment } from "../supervise/environments";
import { findUv } from "../supervise/find-uv";
import { runCommand } from "../supervise/run-command";
import { pin, type PinTools } from "../pin/pin";

const USAGE = `Usage: npm run pin -- <folder> [--rows rows.json]

  <folder>  a bundle: a path, or the name of a folder in models/
  --rows    a JSON list of rows to prove it with; without, rows are made up from the inputs that model.yaml declares`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const INSTALL_WITHIN_MS = 300_000;

function tools(): PinTools {
  const { env } = readSettings();
  const shared = { env, log: quiet, cacheDir: project.cacheFolder, onProgress: say };
  return {
    say,
    uv: async (args) => {
      const uv = await findUv({ ...shared, requirements: project.uvRequirements });
      const outcome = await runCommand({
        program: uv.path,
        args,
        env: installerVariables(env),
        timeoutMs: INSTALL_WITHIN_MS,
      });
      if (!outcome.ok)
        throw new CannotPrepare(
          `The lock cannot be made:\n${outcome.errors}`,
          "Mend requirements.txt, or environment.python in model.yaml",
        );
    },
    runReference: async ({ python, lock, bundle, args }) => {
      const environment = await prepareEnvironment({
        ...shared,
        python,
        lock,
        bundles: [bundle],
        sidecarLock: project.sidecarLock(python),
        sidecarRoot: project.sidecarRoot,
        uvRequirements: project.uvRequirements,
      });
      await runReference(environment.python, args, sidecarVariables(env));
    },
  };
}

function runReference(python: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, ["-m", "picklepod_reference", ...args], {
      stdio: ["ignore", "inherit", "inherit"],
      env,
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new CannotPrepare("The artifacts could not be called.", "The lines above say why"));
    });
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { rows: { type: "string" } }, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Error(USAGE);
  const rows: unknown = values.rows === undefined ? [] : JSON.parse(readFileSync(values.rows, "utf8"));
  if (!Array.isArray(rows)) throw new Error(`${values.rows ?? ""} is not a JSON list of rows`);
  const path = bundleFolder(folder, project.modelsFolder);
  mkdirSync(join(path, "samples"), { recursive: true });
  await pin(path, rows as Record<string, unknown>[], tools());
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof Problem)
    for (const fault of error.members.faults ?? []) process.stderr.write(`${fault.pointer}: ${fault.detail}\n`);
  const known = error instanceof BundleError || error instanceof CannotPrepare || error instanceof Problem;
  const { message, stack = message } = error as Error;
  process.stderr.write(`${known ? message : stack}\n`);
});
