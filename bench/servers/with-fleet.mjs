// What bench:quick, bench:profile and chaos:overload begin and end with: the rows, the bundle as it is, what it must answer, and servers
// that are stopped whatever happens.
import { join } from "node:path";

import { barePython } from "../measure/bare-python.mjs";
import { readBundle, root } from "../places.mjs";
import { environmentOf } from "./environment.mjs";
import { createFleet, stopWhenTold } from "./fleet.mjs";
import { makeRows, readRows } from "./rows.mjs";
import { variablesFor } from "./start-server.mjs";

const PATIENCE_MS = 5 * 60_000;

/** @param work is given the fleet, and what the artifacts answer to the first rows */
export async function withFleet(tell, work, { patienceMs = PATIENCE_MS } = {}) {
  await makeRows();
  const bundle = readBundle(join(root, "models/classification"));
  const python = await environmentOf("fastapi", "3.9", tell);
  const { answers: reference } = await barePython(python, { ...process.env, ...variablesFor(bundle) });
  const fleet = createFleet({ bundle, rows: readRows(), reference, tell });
  const watchdog = stopWhenTold(fleet, patienceMs);
  try {
    await work(fleet, reference);
  } finally {
    clearTimeout(watchdog);
    await fleet.stopAll();
  }
}
