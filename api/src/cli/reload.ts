import type { CommandModule } from "yargs";

import { UsageError } from "./usage-error";

interface Given {
  readonly url: string | undefined;
  readonly "key-file": string | undefined;
  readonly pid: string | undefined;
  readonly json: boolean;
}

export const reload: CommandModule<object, Given> = {
  command: "reload",
  describe: "have a server that runs take in bundles that have changed, without losing a request",
  builder: (yargs) =>
    yargs
      .option("url", {
        type: "string",
        requiresArg: true,
        describe: "where the server is (else as HOST, ADMIN_PORT or PORT, and TLS_CERT_FILE say)",
      })
      .option("key-file", {
        type: "string",
        requiresArg: true,
        describe: "a file with an API key that may control, where the server asks for one",
      })
      .option("pid", { type: "string", requiresArg: true, describe: "send this process SIGHUP, and wait for nothing" })
      .option("json", { type: "boolean", default: false, describe: "what became of each bundle, as JSON on stdout" })
      .conflicts("pid", ["url", "key-file"])
      .example("$0 reload", "the server on this machine; waits until each changed bundle is proved, or refused")
      .example("$0 reload --url https://models.example:9443 --key-file ~/picklepod.key", "another one")
      .example("$0 reload --pid 4711", "the log of that process says what came of it")
      .epilogue("Ends with 1 where a bundle was refused: the one before it then goes on serving."),
  handler: async ({ url, "key-file": keyFile, pid, json }) => {
    if (pid !== undefined && !/^[1-9]\d*$/.test(pid))
      throw new UsageError(`--pid ${pid}: a process has a whole number`);
    const { hangUp, reloadServer } = await import("./reload-server.js");
    if (pid !== undefined) hangUp(Number(pid));
    else await reloadServer({ url, keyFile, json });
  },
};
