import type { CommandModule } from "yargs";

import { withBundle } from "./options";

interface Given {
  readonly bundle: string;
  readonly json: boolean;
}

export const train: CommandModule<object, Given> = {
  command: "train <bundle>",
  describe: "train now what the first start would train (bundles with artifacts_from)",
  builder: (yargs) =>
    withBundle(yargs)
      .option("json", { type: "boolean", default: false, describe: "where the artifacts are, as JSON on stdout" })
      .example("$0 train exercise-26", "so that the first start need not wait for it")
      .example(
        "STATE_DIR=/var/lib/picklepod $0 train exercise-26",
        "into the folder that the server keeps its state in",
      ),
  handler: async ({ bundle, json }) => {
    const { trainBundle } = await import("./train-bundle.js");
    await trainBundle(bundle, json);
  },
};
