// The built code that a run tests: a copy, so that a build under way changes nothing of it, and so that it can be broken.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { copies, dist } from "../places.mjs";
import { mechanisms } from "./mechanisms.mjs";

/** @returns {build: its folder, env: settings that switch the mechanism off, remove} */
export function copyBuild(without) {
  const mechanism = without === undefined ? {} : known(without);
  if (!existsSync(join(dist, "main.js"))) throw new Error("dist/ is not there: npm run build");
  const build = join(copies, `${process.pid}-${without ?? "as-it-is"}`);
  cpSync(dist, build, { recursive: true });
  const remove = () => rmSync(build, { recursive: true, force: true });
  process.once("exit", remove); // also where a signal ends the run
  try {
    for (const change of mechanism.changes ?? []) apply(build, change, without);
  } catch (error) {
    remove();
    throw error;
  }
  return { build, env: mechanism.env ?? {}, remove };
}

function known(name) {
  const mechanism = mechanisms[name];
  if (mechanism) return mechanism;
  throw new Error(`There is no mechanism ${name}. These are known: ${Object.keys(mechanisms).join(", ")}`);
}

function apply(build, [file, from, to], name) {
  const path = join(build, file);
  const text = readFileSync(path, "utf8");
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`--without ${name}: ${file} holds \`${from}\` ${times} times; mend chaos/without/`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}
