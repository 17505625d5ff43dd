import { open, readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";

/** Where no artifact of a project lies: other people's code, and what tools keep for themselves. */
const passedBy = new Set(
  `
  .git .hg .svn node_modules __pycache__ venv .venv env .env site-packages .tox .mypy_cache .ipynb_checkpoints
  .pytest_cache .idea .vscode mlruns .dvc .picklepod .cache __MACOSX`
    .trim()
    .split(/\s+/),
);
const largest = 1024 ** 3;
const deepest = 12;
const mostFiles = 20_000;

export interface WalkedFile {
  /** From the folder that was walked, with `/`. */
  readonly relative: string;
  readonly path: string;
  readonly size: number;
}

export interface Walked {
  readonly artifacts: readonly WalkedFile[];
  /** Small texts that may say something: requirements, lists of names. */
  readonly texts: readonly WalkedFile[];
  /** Python's own files, which nobody reads here. */
  readonly code: readonly WalkedFile[];
}

/** Every file that may hold an artifact, by its first bytes and by the names that people give them. */
export async function walk(folder: string): Promise<Walked> {
  const artifacts: WalkedFile[] = [];
  const texts: WalkedFile[] = [];
  const code: WalkedFile[] = [];
  for await (const file of filesIn(folder, "", 0)) {
    if (isText(file)) texts.push(file);
    else if (file.relative.endsWith(".py")) code.push(file);
    else if (await isArtifact(file)) artifacts.push(file);
    if (artifacts.length + texts.length >= mostFiles) break;
  }
  return { artifacts: artifacts.sort(byPath), texts: texts.sort(byPath), code: code.sort(byPath) };
}

const byPath = (one: WalkedFile, other: WalkedFile): number =>
  depthOf(one) - depthOf(other) || (one.relative < other.relative ? -1 : 1);
const depthOf = ({ relative }: WalkedFile): number => relative.split("/").length;

async function* filesIn(folder: string, under: string, depth: number): AsyncIterable<WalkedFile> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const [path, relative] = [join(folder, entry.name), under === "" ? entry.name : `${under}/${entry.name}`];
    if (entry.isDirectory()) {
      if (depth < deepest && !passedBy.has(entry.name)) yield* filesIn(path, relative, depth + 1);
    } else if (entry.isFile()) {
      // Gone by now, or with a name that is no UTF-8, which Node cannot say.
      const size = (await stat(path).catch(() => undefined))?.size;
      if (size !== undefined && size <= largest) yield { relative, path, size };
    }
  }
}

const sideNames =
  /^(?:requirements.*\.(?:txt|in)|(?:environment|conda|env).*\.ya?ml|\.?python-version|runtime\.txt|pipfile|pyproject\.toml|setup\.py)$/i;

function isText({ relative, size }: WalkedFile): boolean {
  const name = relative.slice(relative.lastIndexOf("/") + 1);
  if (size > 2_000_000 || /^package(-lock)?\.json$|^tsconfig|^\.|\.ipynb$/.test(name))
    return sideNames.test(name) && size < 2_000_000;
  return sideNames.test(name) || name.endsWith(".json");
}

const artifactNames = new Set(
  `
  .pkl .pickle .pck .pk .p .joblib .jbl .jl .sav .model .mdl .dill .pk1 .pickel`
    .trim()
    .split(/\s+/),
);
const plausibleNames = new Set([
  "",
  ".dat",
  ".bin",
  ".z",
  ".gz",
  ".bz2",
  ".xz",
  ".lzma",
  ".lz4",
  ".zst",
  ".data",
  ".save",
  ".obj",
  ".clf",
  ".ml",
]);

/** By its name always: a broken one must be told. By its content alone only where it starts like a pickle. */
async function isArtifact(file: WalkedFile): Promise<boolean> {
  const extension = extname(file.relative).toLowerCase();
  if (/\.(?:pkl|pickle|joblib|sav)\.(?:gz|z|bz2|xz|lzma|lz4|zst)$/i.test(file.relative)) return true;
  if (artifactNames.has(extension)) return true;
  const start = await firstBytes(file.path);
  if (start[0] === 0x80 && (start[1] ?? 0) >= 2 && (start[1] ?? 9) <= 5) return true;
  if (!plausibleNames.has(extension)) return false;
  return (
    isCompressed(start) &&
    !/\.(?:tar|csv|json|txt|nii|npy|npz|html|js|css|svg|log|sql)\.\w+$|\.tgz$/i.test(file.relative)
  );
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return new Uint8Array();
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const magics = [
  [0x1f, 0x8b],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a],
  [0x5d, 0, 0],
  [4, 0x22, 0x4d, 0x18],
  [0x28, 0xb5, 0x2f, 0xfd],
];

const isCompressed = (start: Uint8Array): boolean =>
  magics.some((magic) => magic.every((byte, place) => start[place] === byte)) ||
  (start[0] === 0x78 && [1, 0x5e, 0x9c, 0xda].includes(start[1] ?? 0));
