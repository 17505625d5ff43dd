import type { CommandModule } from "yargs";

import { endWith } from "./exit-codes";
import { print, printJson } from "./terminal";

interface Given {
  readonly json: boolean;
}

export const doctor: CommandModule<object, Given> = {
  command: "doctor",
  describe: "what this machine lacks: Pythons, uv, the registry, Docker, ports, room on the disk",
  builder: (yargs) =>
    yargs
      .option("json", { type: "boolean", default: false, describe: "every line, as JSON" })
      .example("$0 doctor", "each line is ok, warn or missing, with what to do")
      .example("MODELS=all SEED_PORTS=1 $0 doctor", "for what is going to be served")
      .example("$0 doctor --json | jq '.lines[] | select(.state == \"missing\")'", "for scripts")
      .epilogue("Ends with 3 where something is missing, with 0 otherwise."),
  handler: async ({ json }) => {
    const { examine, report } = await import("./doctor/examine.js");
    const lines = await examine();
    const isWell = lines.every(({ state }) => state !== "missing");
    if (json) printJson({ ok: isWell, lines });
    else print(report(lines));
    if (!isWell) endWith("lacking");
  },
};
