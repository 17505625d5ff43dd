// npm run bench:profile: where the time of a prediction goes. Writes flame-api.svg, flame-sidecar.svg and stages.md to docs/benchmarks.
import { rmSync } from "node:fs";

import { withFleet } from "../servers/with-fleet.mjs";
import { cpuTimes } from "./cpu-times.mjs";
import { profileFolder } from "./profiled-server.mjs";
import { pySpyOf } from "./python-profile.mjs";
import { wallTimes } from "./wall-times.mjs";
import { writeProfile } from "./write-profile.mjs";

const tell = (text) => process.stderr.write(`${text}\n`);

rmSync(profileFolder, { recursive: true, force: true });
await withFleet(tell, async (fleet) => {
  const pySpy = await pySpyOf(tell);
  writeProfile({ wall: await wallTimes(fleet, pySpy, tell), ...(await cpuTimes(fleet, pySpy, tell)) });
});
tell("flame-api.svg, flame-sidecar.svg and stages.md are written to docs/benchmarks");
