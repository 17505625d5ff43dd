import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import type { Candidate, Changes } from "./changes";
import type { ServedSet } from "./served-set";

/** The set without what an earlier reading said, and with what the last one says of bundles that cannot be read. */
export function withFindings(set: ServedSet, { candidates, unreadable }: Changes, found: BundlesRead): ServedSet {
  const pending = candidates.map(({ bundle }) => bundle.name);
  const refused = new Map([...set.refused].filter(([name]) => pending.includes(name)));
  const refusedReloads = new Map<string, { at: string; reason: string }>();
  for (const { name, reason, stays } of unreadable) {
    if (stays) refusedReloads.set(stays.name, { at: now(), reason });
    else refused.set(name, reason);
  }
  return arranged({ ...set, refused, refusedReloads }, set.bundles, found);
}

export function withLive(set: ServedSet, { bundle, replaces }: Candidate, found: BundlesRead): ServedSet {
  const others = set.bundles.filter((other) => other !== replaces);
  const cleared = {
    refused: without(set.refused, bundle.name),
    refusedReloads: without(set.refusedReloads, bundle.name),
  };
  return arranged({ ...set, ...cleared }, [...others, bundle], found);
}

export function withRefused(set: ServedSet, { bundle: { name }, replaces }: Candidate, reason: string): ServedSet {
  if (!replaces) return { ...set, refused: new Map([...set.refused, [name, reason]]) };
  return { ...set, refusedReloads: new Map([...set.refusedReloads, [replaces.name, { at: now(), reason }]]) };
}

export const withoutBundles = (set: ServedSet, gone: readonly Bundle[], found: BundlesRead): ServedSet =>
  arranged(set, set.bundles.filter((bundle) => !gone.includes(bundle)), found); // prettier-ignore

/**
 * In the order in which they are asked for. A bundle that could not serve when all began stays the default; one that
 * comes later and cannot serve takes the root's routes from nobody.
 */
function arranged(set: ServedSet, bundles: readonly Bundle[], { folders }: BundlesRead): ServedSet {
  const order = [...folders.keys()];
  const place = ({ folder }: Bundle): number => (order.includes(folder) ? order.indexOf(folder) : order.length);
  const [first = ["", ""]] = folders;
  const isServed = bundles.some(({ folder }) => folder === first[0]);
  return {
    ...set,
    bundles: bundles.toSorted((a, b) => place(a) - place(b)),
    refusedDefault: !isServed && set.refusedDefault === first[1] ? first[1] : undefined,
  };
}

const now = (): string => new Date().toISOString();

const without = <T>(map: ReadonlyMap<string, T>, name: string): Map<string, T> =>
  new Map([...map].filter(([other]) => other !== name));
