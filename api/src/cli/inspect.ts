import type { CommandModule } from "yargs";

import { endWith } from "./exit-codes";
import { coloursOf, print, printJson } from "./terminal";

interface Given {
  readonly path: string;
  readonly json: boolean;
}

export const inspect: CommandModule<object, Given> = {
  command: "inspect <path>",
  describe: "what is in a pickle, or in a folder of them, without running it",
  builder: (yargs) =>
    yargs
      .positional("path", { type: "string", demandOption: true, describe: "a pickle or joblib file, or a folder" })
      .option("json", { type: "boolean", default: false, describe: "all that was found, as JSON" })
      .example("$0 inspect model.pkl", "its estimators, the versions that wrote it, the columns it takes")
      .example("$0 inspect mine/", "every pickle of a folder, and which belong together")
      .example("$0 inspect mine/ --json | jq '.files[].versions'", "for scripts")
      .epilogue("Ends with 1 where a file is dangerous or cannot be read, or where there is none; with 0 otherwise."),
  handler: async ({ path, json }) => {
    const { inspectGiven } = await import("./inspect-path.js");
    const { inspection, isSound, text } = await inspectGiven(path, coloursOf("stdout"));
    if (json) printJson(inspection);
    else print(text());
    if (!isSound) endWith("findings");
  },
};
