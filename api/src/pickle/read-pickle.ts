import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";

import { expand } from "./expand";
import { follow } from "./follow";
import { type Gate, ownGate } from "./gate";
import { opcodes } from "./opcodes";
import { pointerDangers } from "./pointers";
import { compressionOf, noPickle, recognise } from "./recognise";
import type { Danger, Reading } from "./reading";
import { zoneDangers } from "./zones";

/** What an offset of 32 bits reaches. */
const largest = 2 ** 31 - 2;
const noCode: ReadonlySet<string> = new Set();

/**
 * What is in a pickle or joblib file, and what in it is dangerous. Nothing in it is run.
 * @param code modules of the bundle's own code, whose classes and functions are allowed
 * @throws only where the file cannot be opened
 */
export async function readPickle(file: string, code = noCode, gate: Gate = ownGate()): Promise<Reading> {
  const { size } = await demandFile(file);
  return size > largest ? tooLarge(file, size) : readContent(await readFile(file), code, gate);
}

async function demandFile(file: string): Promise<Stats> {
  const stats = await stat(file);
  if (!stats.isFile()) throw new Error(`${file} is no file: name a pickle or joblib file.`);
  return stats;
}

async function tooLarge(file: string, size: number): Promise<Reading> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  const sha256 = hash.digest("hex");
  const note = "It is larger than 2 GB, which Picklepod does not read: dump it with less in it, or compressed.";
  return {
    size,
    sha256,
    container: "unknown",
    compression: null,
    protocol: null,
    globals: [],
    dangers: [],
    root: undefined,
    note,
  };
}

export async function readContent(content: Buffer, code = noCode, gate: Gate = ownGate()): Promise<Reading> {
  const compression = compressionOf(content);
  const file = { size: content.length, sha256: createHash("sha256").update(content).digest("hex"), compression };
  const nothing = { ...file, protocol: null, globals: [], dangers: [], root: undefined };
  if (compression === null) return { ...file, ...readExpanded(content, code, gate, content.length) };
  const expanded = await expand(content, compression);
  switch (expanded.is) {
    case "expanded":
      return { ...file, ...readExpanded(expanded.content, code, gate, content.length) };
    case "refused": {
      const danger: Danger = { code: expanded.code, what: expanded.what, offset: 0 };
      const damaged = expanded.code === "malformed" && { isDamaged: true as const };
      return { ...nothing, container: "unknown", dangers: [danger], note: expanded.what, ...damaged };
    }
    case "not-possible":
      return { ...nothing, container: "unknown", note: expanded.note };
  }
}

type OfContent = Omit<Reading, "size" | "sha256" | "compression">;

function readExpanded(content: Buffer, code: ReadonlySet<string>, gate: Gate, fileSize: number): OfContent {
  const other = recognise(content);
  if (other) return { ...other, protocol: null, globals: [], dangers: [], root: undefined };
  const { isJoblib, isCutOff, end: _end, ...followed } = follow(content, gate, code, fileSize);
  const isPickle = content[0] === opcodes.PROTO || followed.root !== undefined || isMeantAsPickle(content, followed);
  if (!isPickle) return { ...noPickle(content), protocol: null, globals: [], dangers: [], root: undefined };
  const isOld = followed.globals.some((name) => oldWrapper.test(name));
  const words = [...pointerDangers(content, followed.dangers), ...zoneDangers(content, followed.globals)];
  const dangers = [...followed.dangers, ...words];
  return {
    ...followed,
    dangers,
    container: isJoblib || isOld ? "joblib" : "pickle",
    ...(isCutOff && dangers.length === 1 && { isDamaged: true as const, note: cutOffNote(followed.dangers) }),
    ...(isOld ? { note: oldNote } : {}),
  };
}

const cutOffNote = ([danger]: readonly Danger[]): string =>
  `The file ends early: fetch it again. ${danger?.what ?? ""}`.trimEnd();

const oldWrapper = /\.numpy_pickle(_compat)?\.Z?NDArrayWrapper$/;
const oldNote =
  "joblib before 0.10 wrote it, with its arrays in files of their own beside it: load it with that joblib and dump it again with a newer one.";

/** A text can be read as opcodes for a while: only what no text would say counts. */
function isMeantAsPickle(
  content: Buffer,
  { globals, dangers }: { globals: readonly string[]; dangers: readonly Danger[] },
): boolean {
  const isInteger = content[0] === opcodes.INT || content[0] === opcodes.LONG;
  return (
    globals.some((name) => plausibleGlobal.test(name)) ||
    dangers.some(({ code }) => code === "expansion" || code === "depth" || (code === "length" && isInteger))
  );
}

const plausibleGlobal = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)+$/u;
