// What bench:quick and bench:profile begin and end with: the rows, the bundle as it is, what it must answer, and servers that are
// stopped whatever happens.
import { join } from "node:path";

import { barePython } from "../measure/bare-python.mjs";
import { readBundle, root } from "../places.mjs";
import { environmentOf } from "./environment.mjs";
import { createFleet, stopWhenTold } from "./fleet.mjs";
import { makeRows, readRows } from "./rows.mjs";
import { variablesFor } from "./start-server.mjs";

const PATIENCE_MS = 5 * 60_000;

export async function withFleet(tell, work) {
  await makeRows();
  const bundle = readBundle(join(root, "models/classification"));
  const python = await environmentOf("fastapi", "3.9", tell);
  const { answers: reference } = await barePython(python, { ...process.env, ...variablesFor(bundle) });
  const fleet = createFleet({ bundle, rows: readRows(), reference, tell });
  const watchdog = stopWhenTold(fleet, PATIENCE_MS);
  try {
    await work(fleet);
  } finally {
    clearTimeout(watchdog);
    await fleet.stopAll();
  }
}
