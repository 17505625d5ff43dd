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
      log.warn(
        { audit: true, who: "keys-file", ...changed(before, keys) },
        `the API keys were read anew: ${keys.size} now`,
      );
    } catch (error) {
      const text = `${(error as Error).message} The keys from before stay valid until it is mended.`;
      log.error({ audit: true, who: "keys-file", outcome: "refused" }, text);
    }
  };
  return { find: (id) => keys.get(id), reread, stop: watchFiles([file], reread) };
}

const read = (file: string): Map<string, ApiKey> =>
  new Map(readKeysFile(file).map((entry) => [entry.id, asApiKey(entry)]));

function changed(before: ReadonlyMap<string, ApiKey>, now: ReadonlyMap<string, ApiKey>): Record<string, string[]> {
  return {
    added: [...now.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !now.has(id)),
  };
}
