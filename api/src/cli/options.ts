import type { Argv } from "yargs";

import { UsageError } from "./usage-error";

/** The bundle that a verb is about. */
export const withBundle = <T>(yargs: Argv<T>): Argv<T & { bundle: string }> =>
  yargs.positional("bundle", {
    type: "string",
    demandOption: true,
    describe: "a path, or the name of a folder in models/",
  });

export function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port ${text}: a port is a whole number from 0 to 65535`);
}
