import { join } from "node:path";
import { Worker } from "node:worker_threads";

import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import { project } from "../project";
import type { AsideWork } from "./aside-thread";
import { bundleOf, type BundleParts, partsOf } from "./bundle-parts";

const isBuilt = !__filename.endsWith(".ts");
const threadFile = join(__dirname, isBuilt ? "aside-thread.js" : "aside-thread.ts");
const execArgv = isBuilt ? [] : ["-r", join(project.root, "api", "test", "run-typescript.cjs")];

/** As readBundles, without holding up the answers that are on their way. */
export async function readBundlesAside(selection: readonly string[], modelsFolder: string): Promise<BundlesRead> {
  const read = (await aside({ kind: "read", selection, modelsFolder })) as BundlesRead & { bundles: BundleParts[] };
  return { ...read, bundles: read.bundles.map(bundleOf) };
}

/** As copyBundle, likewise. */
export async function copyBundleAside(bundle: Bundle, to: string): Promise<void> {
  await aside({ kind: "copy", bundle: partsOf(bundle), to });
}

function aside(work: AsideWork): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(threadFile, { workerData: work, execArgv });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => {
      reject(new Error("The thread that read the bundles ended before it had read them. Reload again."));
    });
  });
}
