import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";

import {
  type BundleJson,
  bundleJsonSchema,
  canonicalJson,
  digestOf,
  type Pinned,
  sha256,
  trainedSchema,
} from "./description";
import { draftOf } from "./draft";
import { BundleError, type Finding } from "./finding";
import { expandInputs } from "./inputs";
import type { Input } from "./input-types";
import type { Manifest } from "./manifest";
import { readManifest } from "./read-manifest";

/** A bundle as its folder says it is. Its description is final unless its artifacts are trained at the first start. */
export interface Bundle {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly json: BundleJson;
}

export interface BundlesRead {
  readonly bundles: readonly Bundle[];
  /** Each folder that was asked for, in that order, and what it is called where it is refused. */
  readonly folders: ReadonlyMap<string, string>;
  /** By the name of its folder: what is wrong with it. */
  readonly refused: ReadonlyMap<string, readonly Finding[]>;
  /** The one that was asked for first, where it is refused: no other takes its place as the default. */
  readonly refusedDefault: string | undefined;
}

/**
 * `all`, names of folders under `modelsFolder`, or paths of folders, to bundles; every finding of each refused one.
 * The first is the default bundle; of `all`, that is classification.
 */
export function readBundles(selection: readonly string[], modelsFolder: string): BundlesRead {
  const folders = new Set(
    selection.flatMap((word) => (word === "all" ? allBundles(modelsFolder) : [bundleFolder(word, modelsFolder)])),
  );
  const bundles = new Map<string, Bundle>();
  const refused = new Map<string, readonly Finding[]>();
  for (const folder of folders) {
    try {
      const bundle = readBundle(folder);
      if (bundles.has(bundle.name)) throw new BundleError([sameName(bundle)]);
      bundles.set(bundle.name, bundle);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      refused.set(calledAmong(folders, folder), error.findings);
    }
  }
  const [first] = folders;
  const firstName = first === undefined ? undefined : calledAmong(folders, first);
  const refusedDefault = firstName !== undefined && refused.has(firstName) ? firstName : undefined;
  const called = new Map([...folders].map((folder) => [folder, calledAmong(folders, folder)] as const));
  return { bundles: [...bundles.values()], folders: called, refused, refusedDefault };
}

/** A folder's own name, or its whole path where another selected folder has the same. */
function calledAmong(folders: ReadonlySet<string>, folder: string): string {
  const isAlone = [...folders].every((other) => other === folder || basename(other) !== basename(folder));
  return isAlone ? basename(folder) : shown(folder);
}

const FIRST_OF_ALL = "classification";

function allBundles(modelsFolder: string): string[] {
  const names = readdirSync(modelsFolder).filter((name) => existsSync(join(modelsFolder, name, "model.yaml")));
  return names.toSorted((a, b) => rank(a).localeCompare(rank(b))).map((name) => join(modelsFolder, name));
}

const rank = (name: string): string => (name === FIRST_OF_ALL ? "" : name);

/** A word with a slash is a path; one without is a folder of models/. */
export function bundleFolder(word: string, modelsFolder: string): string {
  return word.includes("/") || isAbsolute(word) ? resolve(word) : join(modelsFolder, word);
}

const sameName = ({ folder, name }: Bundle): Finding => ({
  file: shown(join(folder, "model.yaml")),
  message: `another selected bundle is called ${name}`,
  remedy: "Give one of them another name:",
});

const shown = (path: string): string => relative(process.cwd(), path) || path;

/** @throws BundleError with everything that is wrong with it */
export function readBundle(folder: string): Bundle {
  const manifest = readManifest(shown(join(folder, "model.yaml")));
  const json = readBundleJson(folder);
  const findings = staleness(folder, manifest, json);
  if (findings.length > 0) throw new BundleError(findings);
  return { name: manifest.name, folder, manifest, inputs: expandInputs(manifest), json };
}

const pinAgain = (folder: string): string => `Run: picklepod pin ${shown(folder)}`;

function readBundleJson(folder: string): BundleJson {
  const file = join(folder, "bundle.json");
  const finding = (message: string): BundleError =>
    new BundleError([{ file: shown(file), message, remedy: pinAgain(folder) }]);
  if (!existsSync(file)) throw finding("is not there: the bundle has not been pinned");
  const parsed = bundleJsonSchema.safeParse(parseJson(readFileSync(file, "utf8"), () => finding("is not JSON")));
  if (!parsed.success) throw finding("is not what this version of Picklepod writes");
  if (digestOf(parsed.data) !== parsed.data.digest) throw finding("was changed by hand: its digest is not its own");
  return parsed.data;
}

function parseJson(text: string, fault: () => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fault();
  }
}

/** bundle.json speaks of certain files: each must still be the one it was made from. */
function staleness(folder: string, manifest: Manifest, json: BundleJson): Finding[] {
  const pins = [
    ...Object.entries(json.files),
    [json.lock.file, json.lock.sha256] as const,
    ...Object.values(json.code ?? {}).map(({ file, sha256: pinned }) => [file, pinned] as const),
    ...(json.artifacts === "trained"
      ? []
      : Object.entries(json.artifacts).map(([file, pin]) => [file, pin.sha256] as const)),
  ];
  const findings = pins.flatMap(([file, pinned]) => pinFindings(folder, file, pinned));
  if (findings.length > 0) return findings;
  const fresh = draftOf(manifest, json.lock, json.files["model.yaml"] ?? "", json.code);
  const { artifacts: _, tensors: __, digest: ___, ...committed } = json;
  if (canonicalJson(fresh) === canonicalJson(committed)) return [];
  const message = "is stale: this version of Picklepod reads model.yaml otherwise";
  return [{ file: shown(join(folder, "bundle.json")), message, remedy: pinAgain(folder) }];
}

function pinFindings(folder: string, name: string, pinned: string): Finding[] {
  const path = join(folder, name);
  const file = shown(path);
  if (!existsSync(path) || !statSync(path).isFile()) {
    return [
      { file, message: "is not there, but bundle.json names it", remedy: "Bring it back, or pin the bundle again" },
    ];
  }
  const found = sha256(readFileSync(path));
  if (found === pinned) return [];
  const message = `has the sha256 ${found.slice(0, 12)}…, bundle.json was made from ${pinned.slice(0, 12)}…: bundle.json is stale`;
  return [{ file, message, remedy: `If you meant to change it, run: picklepod pin ${shown(folder)}` }];
}

/**
 * A bundle's final description. For one that trains, its artifacts' pins are read from the folder it trained into.
 * @throws BundleError where that folder has none yet
 */
export function finalDescription(bundle: Bundle, stateFolder: string): Pinned {
  if (bundle.json.artifacts !== "trained") return bundle.json;
  const file = join(stateFolder, bundle.name, "trained.json");
  const finding = (message: string): BundleError =>
    new BundleError([{ file, message, remedy: `Remove ${join(stateFolder, bundle.name)} and start again` }]);
  if (!existsSync(file)) throw finding("is not there: the artifacts are not trained");
  const trained = trainedSchema.safeParse(parseJson(readFileSync(file, "utf8"), () => finding("is not JSON")));
  if (!trained.success) throw finding("is not what this version of Picklepod writes");
  const description = { ...bundle.json, ...trained.data };
  return { ...description, digest: digestOf(description) };
}
