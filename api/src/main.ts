import { parseArgs } from "node:util";

import { isMendable, serve } from "./serve";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { models: { type: "string" }, watch: { type: "boolean" } } });
  await serve({ models: values.models?.split(","), watch: values.watch });
}

main().catch((error: unknown) => {
  // anything that no person can mend is a defect, and shows its stack
  process.stderr.write(`${isMendable(error) ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
