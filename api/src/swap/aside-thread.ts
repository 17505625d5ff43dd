import { parentPort, workerData } from "node:worker_threads";

import { readBundles } from "../bundle/read-bundles";
import { type BundleParts, partsOf } from "./bundle-parts";
import { copyBundle } from "./copy-bundle";

/** What takes too long for the thread that answers: artifacts of any size are read and hashed. */
export type AsideWork =
  | { readonly kind: "read"; readonly selection: readonly string[]; readonly modelsFolder: string }
  | { readonly kind: "copy"; readonly bundle: BundleParts; readonly to: string };

function done(work: AsideWork): unknown {
  if (work.kind === "copy") {
    copyBundle(work.bundle, work.to);
    return undefined;
  }
  const read = readBundles(work.selection, work.modelsFolder);
  return { ...read, bundles: read.bundles.map(partsOf) };
}

parentPort?.postMessage(done(workerData as AsideWork));
