// Picklepod with something in its API that tells where the time goes.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { cache, root } from "../places.mjs";
import { picklepod } from "../servers/peer-table.mjs";

export const profileFolder = join(cache, "profile");
export const stagesFile = join(profileFolder, "stages.json");

/** Its stages timed: see stage-timer.cjs. */
export const timedPicklepod = {
  ...picklepod,
  id: "picklepod-timed",
  label: "Picklepod, its stages timed",
  command: () => [process.execPath, "-r", join(import.meta.dirname, "stage-timer.cjs"), join(root, "dist/main.js")],
  environment: (asked) => ({
    ...picklepod.environment(asked),
    BENCH_DIST: join(root, "dist"),
    BENCH_STAGES_FILE: stagesFile,
  }),
};

const MICROSECONDS_A_SAMPLE = 500;

/** Its profile is written when it ends. */
export const profiledPicklepod = {
  ...picklepod,
  id: "picklepod-profiled",
  label: "Picklepod, profiled",
  prepare: () => mkdirSync(profileFolder, { recursive: true }),
  command: () => [
    process.execPath,
    ...["--cpu-prof", "--cpu-prof-dir", profileFolder, "--cpu-prof-interval", MICROSECONDS_A_SAMPLE],
    join(root, "dist/main.js"),
  ],
};

/** Worker threads write profiles of their own: the main thread's has the number 0. */
export function profileFileOf(pid) {
  const ours = new RegExp(`^CPU\\.\\d+\\.\\d+\\.${pid}\\.0\\..*\\.cpuprofile$`);
  const file = readdirSync(profileFolder).find((name) => ours.test(name));
  if (file === undefined) throw new Error("the API ended without a profile");
  return join(profileFolder, file);
}

export const sidecarOf = ({ family }) => {
  const others = family.living().filter(({ pid }) => pid !== family.rootPid);
  return others.sort((a, b) => b.rssMb - a.rssMb)[0].pid;
};
