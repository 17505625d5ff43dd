import { isDeepStrictEqual } from "node:util";

import { tellAudit } from "../audit";
import type { Log } from "../log";
import { watchFiles } from "../watch-file";
import type { ApiKey, FindKey } from "./api-key";
import { asApiKey, readKeysFile } from "./keys-file";

/** The keys that are valid now. */
export interface KeyRing {
  readonly find: FindKey;
  readonly reread: () => void;
  readonly stop: () => void;
}

/**
 * Follows the file: what it says holds within a second. One that cannot be read changes nothing, except at the start.
 * @throws KeysFileError
 */
export function openKeyRing(file: string, log: Log): KeyRing {
  let keys = read(file);
  const reread = (): void => {
    try {
      const before = keys;
      keys = read(file);
      const told = { who: WHO, action: ACTION, outcome: "taken", ...changesOf(before, keys) };
      tellAudit(log, told, `the API keys were read anew: ${keys.size} now`);
    } catch (error) {
      const text = `${(error as Error).message} The keys from before stay valid until it is mended.`;
      tellAudit(log, { who: WHO, action: ACTION, outcome: "refused" }, text, "error");
    }
  };
  return { find: (id) => keys.get(id), reread, stop: watchFiles([file], reread) };
}

const WHO = "keys-file";
const ACTION = "read keys";

const read = (file: string): Map<string, ApiKey> =>
  new Map(readKeysFile(file).map((entry) => [entry.id, asApiKey(entry)]));

function changesOf(before: ReadonlyMap<string, ApiKey>, now: ReadonlyMap<string, ApiKey>): Record<string, string[]> {
  const stays = [...now.values()].filter(({ id }) => before.has(id));
  return {
    added: [...now.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !now.has(id)),
    changed: stays.filter((key) => !isDeepStrictEqual(key, before.get(key.id))).map(({ id }) => id),
  };
}
