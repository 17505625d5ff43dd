import type { CommandModule } from "yargs";

import { leaveSignalsAlone } from "./interruption";
import { readPort } from "./options";

interface Given {
  readonly bundle: readonly string[] | undefined;
  readonly port: string | undefined;
  readonly watch: boolean;
}

export const serve: CommandModule<object, Given> = {
  command: "serve [bundle..]",
  describe: "serve bundles over HTTP, as npm start does",
  builder: (yargs) =>
    yargs
      .positional("bundle", {
        type: "string",
        array: true,
        describe: "paths, names of folders in models/, or all; the first is the default (MODELS)",
      })
      .option("port", {
        type: "string",
        requiresArg: true,
        describe: "where to listen; 0 takes a free one (PORT, 8080)",
      })
      .option("watch", {
        type: "boolean",
        default: false,
        describe: "take in bundles that change, as `picklepod reload` does",
      })
      .example("$0 serve ./mine", "one bundle; its routes stand at the root too")
      .example("$0 serve classification ./mine --port 9000", "two; classification is the default")
      .example("MODELS=all HOST=0.0.0.0 $0 serve", "every setting of docs/settings.md applies"),
  handler: async ({ bundle = [], port, watch }) => {
    const at = readPort(port);
    const [{ serve: serveBundles }, { folderOf }] = await Promise.all([
      import("../serve.js"),
      import("./bundle-argument.js"),
    ]);
    leaveSignalsAlone(); // it answers what was accepted before it ends
    const models = bundle.map((word) => (word === "all" ? word : folderOf(word)));
    await serveBundles({ models: models.length === 0 ? undefined : models, port: at, watch });
  },
};
