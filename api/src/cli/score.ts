import type { CommandModule } from "yargs";

import { UsageError } from "./usage-error";

interface Given {
  readonly rows: string | undefined;
  readonly bundle: string | undefined;
  readonly url: string | undefined;
  readonly "key-file": string | undefined;
  readonly "on-error": "fail" | "null" | "skip";
  readonly to: "csv" | "ndjson" | "arrow" | undefined;
}

export const score: CommandModule<object, Given> = {
  command: "score [rows]",
  describe: "predictions for a file of rows, of any size: CSV, NDJSON, JSON or Arrow",
  builder: (yargs) =>
    yargs
      .positional("rows", { type: "string", describe: "a file, .gz or .zst too; without one, or with -, stdin" })
      .option("bundle", { type: "string", requiresArg: true, describe: "serves this bundle for as long as it takes" })
      .option("url", {
        type: "string",
        requiresArg: true,
        describe: "asks this address: http://127.0.0.1:8080/models/mine/predictions",
      })
      .option("key-file", {
        type: "string",
        requiresArg: true,
        describe: "a file with the API key that the address of --url wants",
      })
      .option("on-error", {
        choices: ["fail", "null", "skip"] as const,
        default: "fail" as const,
        describe: "at a row that the model does not take: ends, writes nulls, or leaves it out",
      })
      .option("to", {
        choices: ["csv", "ndjson", "arrow"] as const,
        describe: "how the predictions are written; otherwise as the rows are",
      })
      .example("$0 score rows.csv --bundle ./mine > out.csv", "no server needed")
      .example("$0 score rows.ndjson.gz --url http://127.0.0.1:8080/predict --to csv > out.csv", "asks one that runs")
      .example("zcat rows.csv.gz | $0 score --bundle ./mine --on-error null > out.csv", "the column error says why")
      .epilogue("Ends with 1 where rows were refused, or where the predictions are not complete."),
  handler: async ({ rows, bundle, url, "key-file": keyFile, "on-error": onError, to }) => {
    if ((bundle === undefined) === (url === undefined))
      throw new UsageError("Say what to ask: --bundle ./mine, or --url http://127.0.0.1:8080/models/mine/predictions");
    const { scoreRows } = await import("./score-rows.js");
    // yargs makes an empty text of -
    await scoreRows({ file: rows === "" ? undefined : rows, bundle, url, keyFile, onError, to });
  },
};
