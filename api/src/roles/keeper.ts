import { tellFailedReload } from "../access/audit";
import { type Observer } from "../observer";
import { createPod, localSidecars, type Pod, type StartSidecars } from "../pod";
import type { Model } from "../predict/model";
import { project } from "../project";
import { readBundlesAside } from "../swap/aside";
import { KeptBundles } from "../swap/kept-bundles";
import { Reloader } from "../swap/reloader";
import type { Shown } from "../swap/shown-set";
import { firstSet, type ServedSet } from "../swap/served-set";
import { Candidates } from "../swap/candidates";
import { watchFolders } from "../swap/watch-folders";
import type { Role } from "./role";

export interface KeeperOptions {
  readonly observer: Observer;
  /** The same sidecars, seen on their way by someone else too. */
  readonly seen?: (start: StartSidecars) => StartSidecars;
  /** A model that serves has changed in what it can do. */
  readonly onChange?: (model: Model) => void;
}

/** Of the one process that reads the bundles and starts the sidecars. */
export interface Keeper {
  readonly pod: Pod;
  readonly first: ServedSet;
  /** Ends the sidecars that were started here. */
  readonly stop: () => Promise<void>;
  /** From now on bundles are exchanged by `show`. */
  readonly reloadBy: (show: (set: ServedSet) => Promise<Shown>) => Reloading;
}

/** Whoever asks for it, and, at its end, whoever watches the folders too. */
export type Reloading = Pick<Reloader, "reload" | "end">;

export function createKeeper(role: Role, { observer, seen = (start) => start, onChange }: KeeperOptions): Keeper {
  const { settings, log, selection, read, watch } = role;
  const candidates = new Candidates();
  const kept = new KeptBundles(settings.STATE_DIR, log);
  const onProgress = (line: string): void => void process.stderr.write(`${line}\n`);
  const local = localSidecars({ settings, log, onProgress, folderOf: kept.folderOf });
  const pod = createPod({
    settings,
    observer,
    startSidecars: (bundles, events) => {
      for (const bundle of bundles) kept.keep(bundle);
      return seen(local)(bundles, events);
    },
    onEnding: (bundle, reason) => {
      if (candidates.has(bundle)) candidates.ended(bundle, reason);
      else observer.restarted(bundle.name, reason);
    },
    onChange: (model) => {
      if (!candidates.has(model.bundle)) onChange?.(model);
      candidates.changed(model);
    },
  });
  const first = firstSet(read);
  pod.add(first.bundles);
  let endReloading = (): void => undefined;
  return {
    pod,
    first,
    stop: async () => {
      endReloading();
      await pod.stop();
      await kept.end();
    },
    reloadBy: (show) => {
      const hasSidecarElsewhere = ({ name }: { name: string }): boolean => settings.SIDECAR_URLS.has(name);
      const readAgain = (): ReturnType<typeof readBundlesAside> => readBundlesAside(selection, project.modelsFolder);
      const reloader = new Reloader({ first, read: readAgain, pod: forgetting(pod, kept), candidates, show, hasSidecarElsewhere, observer, log }); // prettier-ignore
      const reloading = watch ? watching(reloader, role) : reloader;
      endReloading = () => {
        reloading.end();
      };
      return reloading;
    },
  };
}

/** What is kept of a bundle goes when its sidecars have ended. */
const forgetting = (pod: Pod, kept: KeptBundles): Pod => ({
  ...pod,
  remove: async (bundle) => {
    await pod.remove(bundle);
    await kept.forget(bundle);
  },
});

/** A bundle that changes on the disk is read again, until the end. */
function watching(reloader: Reloading, { selection, log }: Role): Reloading {
  const unwatch = watchFolders(selection, project.modelsFolder, () => void reloadAndTell(reloader, "watch", log));
  return {
    reload: reloader.reload,
    end: () => {
      unwatch();
      reloader.end();
    },
  };
}

/** Where nobody waits for the outcome, the log tells it. */
export async function reloadAndTell(reloader: Pick<Reloading, "reload">, who: string, log: Role["log"]): Promise<void> {
  try {
    await reloader.reload(who);
  } catch (error) {
    tellFailedReload(log, who, error);
  }
}
