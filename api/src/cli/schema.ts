import type { CommandModule } from "yargs";

import { printJson } from "./terminal";

export const schema: CommandModule = {
  command: "schema",
  describe: "the JSON Schema of model.yaml, for editors",
  builder: (yargs) =>
    yargs
      .example("$0 schema > model.schema.json", "then, as the first line of a model.yaml:")
      .example("# yaml-language-server: $schema=model.schema.json", "your editor completes and checks it"),
  handler: async () => {
    const { manifestJsonSchema } = await import("./manifest-json-schema.js");
    printJson(manifestJsonSchema());
  },
};
