// From the start of the process to the first right answer, the environment being there; and, in turns with it, a bare Python.
import { readFileSync } from "node:fs";

import { median } from "../load/percentiles.mjs";

/**
 * {readySeconds, each, bareSeconds, proofSeconds}: the last is what the sidecar says that loading and proof took
 * @param startBare seconds until the artifacts are in a Python with nothing around them
 */
export async function measureStarts(fleet, entry, times, startBare) {
  const [each, bare, proofs] = [[], [], []];
  for (let i = 0; i < times; i += 1) {
    bare.push(await startBare());
    const server = await fleet.start(entry);
    each.push(server.readyMs / 1000);
    await fleet.stop(server);
    proofs.push(Number(/"event":"proof".*?"seconds":([\d.]+)/.exec(readFileSync(server.log, "utf8"))?.[1]));
  }
  return { readySeconds: median(each), each, bareSeconds: median(bare), proofSeconds: median(proofs) };
}
