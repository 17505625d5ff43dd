import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { BundleError } from "../bundle/finding";
import { readBundle } from "../bundle/read-bundles";
import { readSettings } from "../settings";
import { folderOf } from "./bundle-argument";
import { print, printJson, say } from "./terminal";
import { createTools } from "./tools";

/** Trains as the sidecar would at the bundle's first start, into the same folder. What is there is never trained again. */
export async function trainBundle(word: string, json: boolean): Promise<void> {
  const bundle = readBundle(folderOf(word));
  const { manifest, json: description, folder, name } = bundle;
  if (manifest.artifacts_from === undefined) throw nothingToTrain(folder);
  const state = resolve(readSettings().STATE_DIR, name);
  const isThere = existsSync(join(state, "trained.json"));
  if (!isThere) {
    say(`Training ${name} with ${manifest.artifacts_from}`);
    await createTools().runReference({
      python: description.python,
      lock: join(folder, description.lock.file),
      bundle: name,
      args: ["train", "--bundle", resolve(folder), "--state", state],
      writes: "anywhere", // a program of the user's own
    });
  }
  if (json) printJson({ ok: true, name, trained: !isThere, folder: state });
  else print(isThere ? `${state} has its artifacts already: remove it to train anew` : `Trained ${name} into ${state}`);
}

const nothingToTrain = (folder: string): BundleError =>
  new BundleError([
    {
      file: join(folder, "model.yaml"),
      message: "has no artifacts_from: there is nothing to train",
      remedy: "`picklepod check` says whether its artifacts are as they should be",
    },
  ]);
