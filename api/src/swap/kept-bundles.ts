import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { Bundle } from "../bundle/read-bundles";
import type { Log } from "../supervise/log";
import { processStart } from "../supervise/process-start";
import { copyBundleAside } from "./aside";

interface Kept {
  readonly place: string;
  state: "waiting" | "copying" | "whole" | "none";
  /** Resolves when nothing is written to its place any more. */
  copied: Promise<void>;
}

/**
 * What serves can be started again, whatever lies in its folder by then: each bundle is copied when its sidecars first
 * load it, and they are started again from the copy. It ends with this process.
 */
export class KeptBundles {
  private readonly all: string;
  private readonly own: string;
  private readonly kept = new Map<Bundle, Kept>();
  private number = 0;
  /** One after the other: none of them is in a hurry. */
  private copying: Promise<void>;
  private isEnding = false;

  constructor(
    stateFolder: string,
    private readonly log: Log,
  ) {
    this.all = resolve(stateFolder, "kept-bundles");
    this.own = join(this.all, String(process.pid));
    this.copying = this.sweep();
  }

  readonly folderOf = (bundle: Bundle): string => {
    const kept = this.kept.get(bundle);
    return kept?.state === "whole" && existsSync(kept.place) ? kept.place : bundle.folder;
  };

  /**
   * Begun when its sidecars are, while its folder holds what they load. What a bundle trains by itself lies in the state
   * folder already, and what trains it may need more than its own folder.
   */
  keep(bundle: Bundle): void {
    if (bundle.json.artifacts === "trained") return;
    this.number += 1;
    const place = join(this.own, `${this.number}-${bundle.name}`);
    const kept: Kept = { place, state: "waiting", copied: this.copying };
    this.copying = kept.copied = this.copying.then(() => this.copy(bundle, kept));
    this.kept.set(bundle, kept);
  }

  /** Its sidecars have ended. */
  async forget(bundle: Bundle): Promise<void> {
    const kept = this.kept.get(bundle);
    this.kept.delete(bundle);
    if (kept === undefined || kept.state === "waiting") return; // one that waits is not copied any more
    await kept.copied;
    await remove(kept.place);
  }

  async end(): Promise<void> {
    this.isEnding = true;
    await this.copying;
    await remove(this.own);
  }

  /** Of processes that were killed, and of one that had our number before us. */
  private async sweep(): Promise<void> {
    for (const name of await readdir(this.all).catch(() => []))
      if (name === String(process.pid) || processStart(Number(name)) === undefined)
        await this.removeStale(join(this.all, name));
  }

  /** It takes room and does no other harm: what has to be served can be. */
  private async removeStale(folder: string): Promise<void> {
    try {
      await remove(folder);
    } catch (error) {
      const text = `${folder}, which an earlier process has left, could not be removed. Remove it, or let this process write there`;
      this.log.warn({ folder, err: error }, text);
    }
  }

  private async copy(bundle: Bundle, kept: Kept): Promise<void> {
    if (this.isEnding || this.kept.get(bundle) !== kept) return; // it would only be removed again
    const { place } = kept;
    kept.state = "copying";
    try {
      if (existsSync(place)) throw new Error(`${place} is an earlier process's`); // it would be taken for a copy that is whole
      await copyBundleAside(bundle, place);
      kept.state = "whole";
    } catch (error) {
      kept.state = "none";
      const text = `${bundle.name} could not be copied to ${place}: if its folder changes, it cannot be started again as it is. Give STATE_DIR room, and change a bundle only while it is not starting`;
      this.log.warn({ model: bundle.name, err: error }, text);
    }
  }
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
