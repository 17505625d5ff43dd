// npm run bench:profile: where the time of a prediction goes. Writes flame-api.svg, flame-sidecar.svg and stages.md to docs/benchmarks.
import { rmSync } from "node:fs";
import { join } from "node:path";

import { barePython } from "../measure/bare-python.mjs";
import { readBundle, root } from "../places.mjs";
import { environmentOf } from "../servers/environment.mjs";
import { createFleet, stopWhenTold } from "../servers/fleet.mjs";
import { makeRows, readRows } from "../servers/rows.mjs";
import { variablesFor } from "../servers/start-server.mjs";
import { cpuTimes } from "./cpu-times.mjs";
import { profileFolder } from "./profiled-server.mjs";
import { pySpyOf } from "./python-profile.mjs";
import { wallTimes } from "./wall-times.mjs";
import { writeProfile } from "./write-profile.mjs";

const PATIENCE_MS = 5 * 60_000;
const tell = (text) => process.stderr.write(`${text}\n`);

await makeRows();
rmSync(profileFolder, { recursive: true, force: true });
const bundle = readBundle(join(root, "models/classification"));
const python = await environmentOf("fastapi", "3.9", tell);
const { answers: reference } = await barePython(python, { ...process.env, ...variablesFor(bundle) });
const fleet = createFleet({ bundle, rows: readRows(), reference, tell });
const watchdog = stopWhenTold(fleet, PATIENCE_MS);
try {
  const pySpy = await pySpyOf(tell);
  writeProfile({ wall: await wallTimes(fleet, pySpy, tell), ...(await cpuTimes(fleet, pySpy, tell)) });
} finally {
  clearTimeout(watchdog);
  await fleet.stopAll();
}
tell("flame-api.svg, flame-sidecar.svg and stages.md are written to docs/benchmarks");
