import { findingText } from "../bundle/finding";
import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import type { RefusedReload } from "../control/reload-route";

/** What is served. The object of a bundle stands for one loading of it: what is loaded anew is another object. */
export interface ServedSet {
  /** The first is the default bundle, unless that is refused. */
  readonly bundles: readonly Bundle[];
  /** By name: why one that was selected does not serve at all. */
  readonly refused: ReadonlyMap<string, string>;
  readonly refusedDefault: string | undefined;
  /** By name: why what was last read of one that serves does not take its place. */
  readonly refusedReloads: ReadonlyMap<string, RefusedReload>;
}

export const firstSet = ({ bundles, refused, refusedDefault }: BundlesRead): ServedSet => ({
  bundles,
  refused: reasonsOf(refused),
  refusedDefault,
  refusedReloads: new Map(),
});

export const reasonsOf = (refused: BundlesRead["refused"]): Map<string, string> =>
  new Map([...refused].map(([name, findings]) => [name, findings.map(findingText).join(" ")]));
