import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { z } from "zod";

import { AccessError } from "../access-error";
import { type ApiKey, KEY_ID } from "./api-key";

/** A scope is a bundle's name, `*` or `control`. */
export const SCOPE = /^(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$/;

const entrySchema = z.strictObject({
  id: z.string().regex(KEY_ID, "an id: a to z, 0 to 9 and - between them, at most 63"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "the sha256 of a key: 64 hexadecimal digits"),
  scopes: z.array(z.string().regex(SCOPE, "a bundle's name, * for all of them, or control")).min(1),
  created: z.iso.datetime({ offset: true }).optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
});

const fileSchema = z.strictObject({
  keys: z.array(entrySchema).refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, {
    error: "each id stands for one key: give the second another id",
  }),
});

/** A key as the file has it. */
export type KeyEntry = z.output<typeof entrySchema>;

export class KeysFileError extends AccessError {
  override readonly name = "KeysFileError";
}

/** @throws KeysFileError that names the file and what is wrong in it, and holds none of its text */
export function readKeysFile(file: string): KeyEntry[] {
  const text = readText(file);
  const parsed = fileSchema.safeParse(asJson(text, file));
  if (parsed.success) return parsed.data.keys;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
  throw new KeysFileError(`${file} is no file of API keys: ${wrong.slice(0, 5).join("; ")}. See docs/access.md.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new KeysFileError(`${file} cannot be read (${String(code)}). Make it with \`picklepod key new\`.`);
  }
}

function asJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // what JSON.parse says would quote the text
    throw new KeysFileError(`${file} is not JSON. \`picklepod key new\` writes such a file; see docs/access.md.`);
  }
}

/** Whole or not at all, for us alone to read. */
export function writeKeysFile(file: string, keys: readonly KeyEntry[]): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, `${JSON.stringify({ keys }, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new KeysFileError(
      `${file} cannot be written (${String(code)}). Mend its folder's rights, or name another file.`,
    );
  }
}

export const asApiKey = ({ id, sha256, scopes, expires }: KeyEntry): ApiKey => ({
  id,
  sha256: Buffer.from(sha256, "hex"),
  scopes: new Set(scopes),
  expires: expires === undefined ? Infinity : Date.parse(expires),
});
