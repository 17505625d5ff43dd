import { closeSync, existsSync, fchmodSync, fchownSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"; // prettier-ignore

import { z } from "zod";

import { AccessError } from "../access-error";
import { type ApiKey, KEY_ID } from "./api-key";
import { isScope, SCOPES } from "./scopes";

const entrySchema = z.strictObject({
  id: z.string().regex(KEY_ID, "an id: a to z, 0 to 9 and - between them, at most 63"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "the sha256 of a key: 64 hexadecimal digits"),
  scopes: z.array(z.string().refine(isScope, SCOPES)).min(1),
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

/**
 * Whole or not at all, one edit at a time, or a key that is revoked could come back. A link to one stays a link: who reads the
 * file by its own name must see the edit. Whoever could read the file still can: a
 * server that runs as its owner must see what another revokes. A new one is for us alone to read.
 *
 * @throws KeysFileError, and what `edit` throws
 */
export function editKeysFile(named: string, edit: (keys: readonly KeyEntry[]) => readonly KeyEntry[]): void {
  const file = existsSync(named) ? realpathSync(named) : named;
  const draft = `${file}.draft`;
  const descriptor = begin(draft, file);
  try {
    const before = statSync(file, { throwIfNoEntry: false });
    const keys = edit(before ? readKeysFile(file) : []);
    writeFileSync(descriptor, `${JSON.stringify({ keys }, undefined, 2)}\n`);
    if (before) {
      fchmodSync(descriptor, before.mode & 0o777);
      if (before.uid !== process.geteuid?.() || before.gid !== process.getegid?.())
        fchownSync(descriptor, before.uid, before.gid);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw isOfSystem(error) ? cannotBeWritten(file, error) : error;
  } finally {
    closeSync(descriptor);
  }
}

/** Who edits has the draft. @throws KeysFileError */
function begin(draft: string, file: string): number {
  try {
    return openSync(draft, "wx", 0o600);
  } catch (error) {
    if (!isOfSystem(error)) throw error;
    if (error.code !== "EEXIST") throw cannotBeWritten(file, error);
    throw new KeysFileError(`${draft} is there: somebody edits the keys. Try again; if nobody does, remove that file.`);
  }
}

const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === "object" && error !== null && "syscall" in error;

const cannotBeWritten = (file: string, { code }: NodeJS.ErrnoException): KeysFileError =>
  new KeysFileError(
    code === "EPERM"
      ? `${file} is another user's, and stays so that its server can read it. Edit it as that user, or as root.`
      : `${file} cannot be written (${String(code)}). Mend its folder's rights, or name another file.`,
  );

export const asApiKey = ({ id, sha256, scopes, expires }: KeyEntry): ApiKey => ({
  id,
  sha256: Buffer.from(sha256, "hex"),
  scopes: new Set(scopes),
  expires: expires === undefined ? Infinity : Date.parse(expires),
});
