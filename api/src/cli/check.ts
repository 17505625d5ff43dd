import type { CommandModule } from "yargs";

interface Given {
  readonly bundle: readonly string[];
  readonly json: boolean;
}

export const check: CommandModule<object, Given> = {
  command: "check <bundle..>",
  describe: "everything that can be said of a bundle; each finding with its remedy",
  builder: (yargs) =>
    yargs
      .positional("bundle", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "paths, names of folders in models/, or all",
      })
      .option("json", { type: "boolean", default: false, describe: "every step of every bundle, as JSON" })
      .example("$0 check ./mine", "manifest, pins, gate, environment, proof, samples, invariance")
      .example("$0 check all", "every bundle of models/")
      .example("$0 check ./mine --json | jq '.bundles[].steps[].findings[]'", "for scripts")
      .epilogue(
        "Ends with 1 where there is a finding, with 3 where only this machine lacks something, with 0 otherwise.",
      ),
  handler: async ({ bundle, json }) => {
    const { checkBundles } = await import("./check-bundles.js");
    await checkBundles(bundle, json);
  },
};
