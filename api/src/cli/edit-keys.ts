import { digestOf, KEY_ID, newKey } from "../access/keys/api-key";
import { editKeysFile, type KeyEntry, readKeysFile } from "../access/keys/keys-file";
import { isScope, SCOPES } from "../access/keys/scopes";
import { readSettings } from "../settings";
import { print, printJson, say } from "./terminal";
import { UsageError } from "./usage-error";

interface Given {
  readonly id: string | undefined;
  readonly scope: readonly string[] | undefined;
  readonly days: string | undefined;
  readonly file: string | undefined;
  readonly json: boolean;
}

/** The key alone goes to stdout, so that a script can keep it; it is nowhere else. */
export function createKey({ id, scope = [], days, file: named }: Given): void {
  const file = fileOf(named);
  const name = idOf(id, "key new shop --scope classification");
  if (!KEY_ID.test(name)) throw new UsageError(`${name} is no id: a to z, 0 to 9 and - between them, at most 63`);
  if (scope.length === 0)
    throw new UsageError("Say what the key is for: --scope classification, --scope '*' or --scope control");
  const wrong = scope.find((one) => !isScope(one));
  if (wrong !== undefined) throw new UsageError(`--scope ${wrong}: say ${SCOPES}`);
  const key = newKey(name);
  const entry: KeyEntry = {
    id: name,
    sha256: digestOf(key).toString("hex"),
    scopes: [...new Set(scope)],
    created: new Date().toISOString(),
    ...(days !== undefined && { expires: inDays(days) }),
  };
  editKeysFile(file, (keys) => {
    if (keys.some((known) => known.id === name))
      throw new UsageError(
        `${file} has a key ${name} already. Make ${name}-2, give it to its holder, then revoke ${name}.`,
      );
    return [...keys, entry];
  });
  say(`${file} has the key ${name} now, for ${entry.scopes.join(", ")}. Here it is; it is kept nowhere:`);
  print(key);
}

export function listKeys({ file: named, json }: Given): void {
  const keys = readKeysFile(fileOf(named));
  if (json) printJson({ keys: keys.map(({ sha256: _, ...told }) => told) });
  else if (keys.length === 0) say("There is no key: nobody can call.");
  for (const { id, scopes, created, expires } of json ? [] : keys)
    print([id, scopes.join(","), created ?? "-", expires === undefined ? "no end" : `until ${expires}`].join("\t"));
}

export function revokeKey({ id, file: named }: Given): void {
  const file = fileOf(named);
  const name = idOf(id, "key revoke shop");
  readKeysFile(file); // one that is not there is not made
  editKeysFile(file, (keys) => {
    const left = keys.filter((key) => key.id !== name);
    if (left.length === keys.length)
      throw new UsageError(`${file} has no key ${name}, but ${keys.map((key) => key.id).join(", ") || "none"}`);
    return left;
  });
  say(
    `${file} has the key ${name} no more; a server that sees this file refuses the key within a second. One that has a copy, or the file alone mounted, does not.`,
  );
}

function fileOf(named: string | undefined): string {
  const file = named ?? readSettings().API_KEYS_FILE;
  if (file === "")
    throw new UsageError("Say which file holds the keys: --file keys.json, or the setting API_KEYS_FILE");
  return file;
}

function idOf(id: string | undefined, example: string): string {
  if (id === undefined) throw new UsageError(`Say which key: picklepod ${example}`);
  return id;
}

const A_DAY_MS = 86_400_000;

function inDays(text: string): string {
  const days = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(days)) throw new UsageError(`--days ${text}: a whole number of days, 1 to 99999`);
  return new Date(Date.now() + days * A_DAY_MS).toISOString();
}
