import type { CommandModule } from "yargs";

import { SCOPES } from "../access/keys/scopes";

interface Given {
  readonly action: "new" | "list" | "revoke";
  readonly id: string | undefined;
  readonly scope: readonly string[] | undefined;
  readonly days: string | undefined;
  readonly file: string | undefined;
  readonly json: boolean;
}

export const key: CommandModule<object, Given> = {
  command: "key <action> [id]",
  describe: "make, list and revoke the API keys that callers need where API_KEYS_FILE is set",
  builder: (yargs) =>
    yargs
      .positional("action", { choices: ["new", "list", "revoke"] as const, demandOption: true, describe: "what to do" })
      .positional("id", { type: "string", describe: "names the key's holder in the log: a to z, 0 to 9 and -" })
      .option("scope", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: `${SCOPES}; may be given again`,
      })
      .option("days", {
        type: "string",
        requiresArg: true,
        describe: "how long it is valid; without it, until it is revoked",
      })
      .option("file", { type: "string", requiresArg: true, describe: "the file of keys (API_KEYS_FILE)" })
      .option("json", { type: "boolean", default: false, describe: "list as JSON on stdout" })
      .example(
        "$0 key new shop --scope classification --file keys.json",
        "prints the key, once; the file holds its sha256 alone",
      )
      .example("$0 key new ops --scope control --days 90", "with API_KEYS_FILE set, which names the file")
      .example("$0 key new prometheus --scope control:metrics", "reads the counters, and can do nothing else")
      .example("$0 key revoke shop", "a running server hears of it within a second"),
  handler: async ({ action, ...given }) => {
    const { createKey, listKeys, revokeKey } = await import("./edit-keys.js");
    ({ new: createKey, list: listKeys, revoke: revokeKey })[action](given);
  },
};
