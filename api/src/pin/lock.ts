import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Draft } from "../bundle/description";
import { sha256 } from "../bundle/description";
import { BundleError, type Finding } from "../bundle/finding";
import type { Manifest } from "../bundle/manifest";
import { linesThatAreNone } from "../bundle/requirement";
import { printable } from "../printable";

/** Runs uv with these arguments; rejects with its last lines. */
export type RunUv = (args: readonly string[]) => Promise<void>;

/** xgboost asks for one of them, the later ones for the second, and needs it on several GPUs alone: 200 MB and more. */
const MANY_GPUS_ALONE = ["nvidia-nccl-cu12", "nvidia-nccl-cu13"];

/** The first line of a lock says what it was made from. */
const madeFrom = (requirements: string, python: string): string =>
  `# lock of requirements.txt sha256:${sha256(requirements)} for Python ${python}`;

/**
 * The bundle's lock, made anew with uv where requirements.txt has changed: exact versions, with hashes, wheels only.
 * A lock without a requirements.txt beside it is taken as it is.
 * @returns whether it was made anew
 */
export async function lockRequirements(folder: string, { environment }: Manifest, uv: RunUv): Promise<boolean> {
  const requirementsFile = join(folder, "requirements.txt");
  const lockFile = join(folder, environment.lock);
  if (!existsSync(requirementsFile)) {
    if (existsSync(lockFile)) return false;
    throw new BundleError([nothingToLock(requirementsFile)]);
  }
  const requirements = await readFile(requirementsFile, "utf8");
  const faults = linesThatAreNone(requirements).map((line) => noRequirement(requirementsFile, line));
  if (faults.length > 0) throw new BundleError(faults);
  const head = madeFrom(requirements, environment.python);
  if (existsSync(lockFile) && (await readFile(lockFile, "utf8")).startsWith(`${head}\n`)) return false;
  const work = await mkdtemp(join(tmpdir(), "picklepod-lock-"));
  try {
    const made = join(work, "lock.txt");
    await uv([
      ...["pip", "compile", requirementsFile, "--output-file", made, "--python-version", environment.python],
      ...["--generate-hashes", "--only-binary", ":all:", "--no-header", "--no-annotate", "--no-emit-index-url"],
      ...MANY_GPUS_ALONE.flatMap((name) => ["--no-emit-package", name]),
    ]);
    const lock = await readFile(made, "utf8");
    if (!isOfIndexAlone(lock)) throw new BundleError([notOfIndexAlone(requirementsFile)]);
    await writeFile(lockFile, `${head}\n${lock}`);
  } finally {
    await rm(work, { recursive: true });
  }
  return true;
}

const noRequirement = (file: string, { line, text }: { line: number; text: string }): Finding => ({
  file,
  line,
  message: `"${printable(text.slice(0, 80))}" is more than a package's name and its version`,
  remedy:
    "Write numpy==1.26.4: packages come from the index alone, as wheels; other indexes are UV_INDEX's and UV_FIND_LINKS'",
});

/** uv has the last word on what is locked, and this on what uv said: no package comes from an address of its own. */
const isOfIndexAlone = (lock: string): boolean =>
  lock
    .split("\n")
    .every((line) =>
      /^(?:\s*(?:#.*)?|\s+--hash=sha256:[0-9a-f]{64}(?: \\)?|[\w.-]+(?:\[[\w.,-]+\])?==[^\s;@/]+(?: ; [^@]+)?(?: \\)?)$/.test(
        line,
      ),
    );

const notOfIndexAlone = (file: string): Finding => ({
  file,
  message: "asks for a package from an address of its own",
  remedy: "Write packages' names and versions alone",
});

const nothingToLock = (file: string): Finding => ({
  file,
  message: "is not there, and there is no lock",
  remedy: "Write the versions that the artifacts were pickled with, for example scikit-learn==1.3.2 and numpy==1.26.4",
});

/** What a lock says: every package and its exact version. */
export function readLock(folder: string, file: string): Draft["lock"] {
  const text = readFileSync(join(folder, file), "utf8");
  const lines = [...text.matchAll(/^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)/gm)];
  const packages = lines.map(
    ([, name = "", version = ""]) => [name.toLowerCase().replaceAll(/[._-]+/g, "-"), version] as const,
  );
  return { file, sha256: sha256(text), packages: Object.fromEntries(packages) };
}
