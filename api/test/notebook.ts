import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { project } from "../src/project";
import { installerVariables } from "../src/supervise/child-variables";
import { findPython } from "../src/supervise/find-python";
import { findUv } from "../src/supervise/find-uv";
import { temporaryFolder } from "./bundle-copy";

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const shared = { env: process.env, log: quiet, cacheDir: project.cacheFolder };
const NEWEST_FIRST = ["3.13", "3.12", "3.11", "3.10"];

export interface Notebook {
  /** major.minor of its Python. */
  readonly minor: string;
  /** What was installed, as `pip freeze` says it. */
  readonly frozen: readonly string[];
}

/** Runs a script as a notebook would, in a folder, in a fresh environment of the newest Python here, which is its owner's and not ours. */
export async function workInANotebook(script: string, folder: string, packages: readonly string[]): Promise<Notebook> {
  const uv = await findUv({ ...shared, requirements: project.uvRequirements });
  const { minor, path } = await newestPython();
  const environment = join(temporaryFolder(), "notebook");
  const python = join(environment, "bin", "python");
  await run(uv.path, ["venv", "--no-project", "--python", path, environment], folder);
  await run(uv.path, ["pip", "install", "--python", python, "--only-binary", ":all:", ...packages], folder);
  await run(python, ["-c", script], folder);
  return { minor, frozen: (await run(uv.path, ["pip", "freeze", "--python", python], folder)).split("\n") };
}

async function newestPython() {
  const uv = () => Promise.reject(new Error("not asked for"));
  for (const minor of NEWEST_FIRST) {
    const python = await findPython(minor, { ...shared, bundles: ["mine"], uv }).catch(() => undefined);
    if (python) return { minor, path: python.path };
  }
  throw new Error(`none of Python ${NEWEST_FIRST.join(", ")} is here`);
}

const run = async (program: string, args: readonly string[], cwd: string): Promise<string> =>
  (await promisify(execFile)(program, args, { cwd, env: installerVariables(process.env) })).stdout;
