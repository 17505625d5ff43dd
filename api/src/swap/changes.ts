import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import { reasonsOf, type ServedSet } from "./served-set";

/** A bundle that is to be proved, and the one whose place it then takes. */
export interface Candidate {
  readonly bundle: Bundle;
  readonly replaces: Bundle | undefined;
}

/** What has changed on the disk since the bundles were read. */
export interface Changes {
  readonly candidates: readonly Candidate[];
  readonly unchanged: readonly Bundle[];
  /** Nobody asks for them any more. */
  readonly gone: readonly Bundle[];
  /** What cannot even be read. `stays`: the one that serves meanwhile. */
  readonly unreadable: readonly {
    readonly name: string;
    readonly reason: string;
    readonly stays: Bundle | undefined;
  }[];
}

/** A bundle that has failed is tried again however little it has changed: what it lacked may be there now. */
export function changesOf(read: BundlesRead, { bundles }: ServedSet, hasFailed: (bundle: Bundle) => boolean): Changes {
  const standing = ({ name, folder }: Pick<Bundle, "name" | "folder">): Bundle | undefined =>
    bundles.find((bundle) => bundle.name === name) ?? bundles.find((bundle) => bundle.folder === folder);
  const isSame = (bundle: Bundle): boolean => {
    const now = bundles.find(({ name }) => name === bundle.name);
    return now?.json.digest === bundle.json.digest && !hasFailed(now);
  };
  const candidates = read.bundles
    .filter((bundle) => !isSame(bundle))
    .map((bundle) => ({ bundle, replaces: standing(bundle) }));
  const reasons = reasonsOf(read.refused);
  const unreadable = [...read.folders].flatMap(([folder, name]) => {
    const reason = reasons.get(name);
    return reason === undefined ? [] : [{ name, reason, stays: bundles.find((bundle) => bundle.folder === folder) }];
  });
  const unchanged = bundles.filter(({ name }) => read.bundles.some((bundle) => bundle.name === name && isSame(bundle)));
  const spoken = new Set([
    ...candidates.map(({ replaces }) => replaces),
    ...unreadable.map(({ stays }) => stays),
    ...unchanged,
  ]);
  return { candidates, unchanged, gone: bundles.filter((bundle) => !spoken.has(bundle)), unreadable };
}
