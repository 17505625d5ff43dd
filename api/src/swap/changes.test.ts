import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import { withFindings, withLive, withRefused } from "./arrange";
import { changesOf } from "./changes";
import type { ServedSet } from "./served-set";

const bundle = (name: string, digest = "1", folder = `/m/${name}`): Bundle =>
  ({ name, folder, json: { digest } }) as unknown as Bundle;

const finding = { file: "model.yaml", message: "is wrong", remedy: "Mend it" };

/** What lies in folders: bundles, and by the name of a folder those that cannot be read. */
function found(bundles: readonly Bundle[], unreadable: readonly string[] = []): BundlesRead {
  const folders = [
    ...bundles.map(({ folder, name }) => [folder, name]),
    ...unreadable.map((name) => [`/m/${name}`, name]),
  ];
  return {
    bundles,
    folders: new Map(folders as [string, string][]),
    refused: new Map(unreadable.map((name) => [name, [finding]])),
    refusedDefault: undefined,
  };
}

const served = (bundles: readonly Bundle[], more: Partial<ServedSet> = {}): ServedSet => ({
  ...{ bundles, refused: new Map(), refusedDefault: undefined, refusedReloads: new Map() },
  ...more,
});
const nobodyFailed = (): boolean => false;
const [a, b] = [bundle("a"), bundle("b")];

it("what has the same digest is unchanged, however anew it was read", () => {
  expect(changesOf(found([bundle("a"), bundle("b")]), served([a, b]), nobodyFailed)).toEqual({
    candidates: [],
    unchanged: [a, b],
    gone: [],
    unreadable: [],
  });
});

it("another digest makes a candidate for the place of the one that serves; a new name is one for no place", () => {
  const [changed, added] = [bundle("a", "2"), bundle("c")];
  expect(changesOf(found([changed, b, added]), served([a, b]), nobodyFailed)).toEqual({
    candidates: [
      { bundle: changed, replaces: a },
      { bundle: added, replaces: undefined },
    ],
    unchanged: [b],
    gone: [],
    unreadable: [],
  });
});

it("a bundle that got another name takes the place of the one in its folder", () => {
  const renamed = bundle("z", "2", "/m/a");
  const { candidates, gone } = changesOf(found([renamed]), served([a]), nobodyFailed);
  expect({ candidates, gone }).toEqual({ candidates: [{ bundle: renamed, replaces: a }], gone: [] });
});

it("what failed is tried again, the same as it is", () => {
  const again = bundle("a");
  const { candidates, unchanged } = changesOf(found([again, b]), served([a, b]), (one) => one === a);
  expect({ candidates, unchanged }).toEqual({ candidates: [{ bundle: again, replaces: a }], unchanged: [b] });
});

it("what cannot be read any more stays as it is; what is not asked for any more is gone", () => {
  const { gone, unreadable, candidates } = changesOf(found([], ["a"]), served([a, b]), nobodyFailed);
  expect({ gone, unreadable, candidates }).toEqual({
    gone: [b],
    unreadable: [{ name: "a", reason: "model.yaml: is wrong. Mend it", stays: a }],
    candidates: [],
  });
});

describe("the set that follows", () => {
  const order = found([bundle("a", "2"), bundle("b"), bundle("c")]);

  it("holds the new one in the place of the old one, in the order that is asked for", () => {
    const changed = bundle("a", "2");
    expect(withLive(served([a, b]), { bundle: changed, replaces: a }, order).bundles).toEqual([changed, b]);
    const added = bundle("c");
    expect(withLive(served([a, b]), { bundle: added, replaces: undefined }, order).bundles).toEqual([a, b, added]);
  });

  it("forgets what was wrong with a bundle when it goes live", () => {
    const before = served([a], {
      refusedReloads: new Map([["a", { at: "then", reason: "r" }]]),
      refused: new Map([["c", "r"]]),
    });
    const after = withLive(before, { bundle: bundle("c"), replaces: undefined }, order);
    expect([after.refused.size, after.refusedReloads.size]).toEqual([0, 1]);
    expect(withLive(after, { bundle: bundle("a", "2"), replaces: a }, order).refusedReloads.size).toBe(0);
  });

  it("says why beside the one that stays, or in its stead where there is none", () => {
    const beside = withRefused(served([a]), { bundle: bundle("a", "2"), replaces: a }, "no proof");
    expect([beside.refusedReloads.get("a")?.reason, beside.refused.size, beside.bundles]).toEqual(["no proof", 0, [a]]);
    const instead = withRefused(served([a]), { bundle: bundle("c"), replaces: undefined }, "no proof");
    expect([instead.refused.get("c"), instead.refusedReloads.size]).toEqual(["no proof", 0]);
  });

  it("leaves the root to the bundle that has it, whatever else comes first and cannot serve", () => {
    const read = found([b], ["a"]);
    const changes = changesOf(read, served([b]), nobodyFailed);
    const first = { ...read, folders: new Map([...read.folders].toReversed()) };
    expect(withFindings(served([b]), changes, first).refusedDefault).toBeUndefined();
    expect(withFindings(served([b], { refusedDefault: "a" }), changes, first).refusedDefault).toBe("a");
  });

  it("gives the root to the default that could not serve, once it can", () => {
    const mended = bundle("a");
    const before = served([b], { refusedDefault: "a", refused: new Map([["a", "r"]]) });
    const after = withLive(before, { bundle: mended, replaces: undefined }, found([mended, b]));
    expect(after).toEqual(served([mended, b]));
  });
});
