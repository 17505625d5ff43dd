// A sidecar by itself, with nobody who starts it again.
import { createRequire } from "node:module";
import { join } from "node:path";

import { stateFolder } from "../places.mjs";

const require = createRequire(import.meta.url);
const nothing = () => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** @returns {url, pid, stop} */
export async function startSidecar({ build, folder }) {
  const of = (module) => require(join(build, module));
  const { project } = of("project.js");
  const { name, json } = of("bundle/read-bundles.js").readBundle(folder);
  const shared = { env: process.env, log: quiet };
  const { python } = await of("supervise/environments.js").prepareEnvironment({
    ...shared,
    python: json.python,
    lock: join(folder, json.lock.file),
    bundles: [name],
    sidecarLock: project.sidecarLock(json.python),
    sidecarRoot: project.sidecarRoot,
    uvRequirements: project.uvRequirements,
    cacheDir: project.cacheFolder,
  });
  const options = { ...shared, name, python, bundles: [{ folder, digest: json.digest }], stateDir: stateFolder };
  const sidecar = await of("supervise/sidecar-process.js").startSidecar(options);
  return { url: sidecar.url, pid: sidecar.pid, stop: () => sidecar.stop({ graceMs: 2_000 }) };
}
