import type { CommandModule } from "yargs";

import { withBundle } from "./options";
import { say } from "./terminal";

interface Given {
  readonly bundle: string;
  readonly rows: string | undefined;
  readonly json: boolean;
}

export const pin: CommandModule<object, Given> = {
  command: "pin <bundle>",
  describe: "make bundle.json and samples/ from model.yaml and the artifacts",
  builder: (yargs) =>
    withBundle(yargs)
      .option("rows", {
        type: "string",
        requiresArg: true,
        describe: "a JSON list of rows to prove it with; without, rows are made up from the declared inputs",
      })
      .option("json", { type: "boolean", default: false, describe: "what was written, as JSON on stdout" })
      .example("$0 pin ./mine", "after model.yaml, requirements.txt or an artifact has changed")
      .example("$0 pin ./mine --rows rows.json", "real rows make the better proof")
      .example("$0 pin classification", "on another kind of machine: adds its fingerprint to the samples"),
  handler: async ({ bundle, rows, json }) => {
    const { pinBundle } = await import("./pin-bundle.js");
    await pinBundle(bundle, rows, json, say);
  },
};
