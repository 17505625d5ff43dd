import type { CommandModule } from "yargs";

import { withBundle } from "./options";

interface Given {
  readonly bundle: string;
  readonly upgrade: boolean;
  readonly json: boolean;
}

export const lock: CommandModule<object, Given> = {
  command: "lock <bundle>",
  describe: "make requirements.lock from requirements.txt: exact versions with hashes, wheels only",
  builder: (yargs) =>
    withBundle(yargs)
      .option("upgrade", { type: "boolean", default: false, describe: "anew, also where nothing has changed" })
      .option("json", { type: "boolean", default: false, describe: "the lock's packages, as JSON on stdout" })
      .example("$0 lock ./mine", "where requirements.txt or the Python in model.yaml has changed")
      .example("$0 lock ./mine --upgrade", "what requirements.txt leaves open becomes the newest that fits"),
  handler: async ({ bundle, upgrade, json }) => {
    const { lockBundle } = await import("./lock-bundle.js");
    await lockBundle(bundle, upgrade, json);
  },
};
