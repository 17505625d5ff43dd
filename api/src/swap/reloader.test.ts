import type { Bundle, BundlesRead } from "../bundle/read-bundles";
import type { Model } from "../predict/model";
import { Reloader, type ReloaderOptions } from "./reloader";
import type { ServedSet } from "./served-set";
import { Candidates } from "./candidates";

const bundle = (name: string, digest = "1"): Bundle =>
  ({ name, folder: `/m/${name}`, json: { digest } }) as unknown as Bundle;

const lying = (...bundles: Bundle[]): BundlesRead => ({
  bundles,
  folders: new Map(bundles.map(({ name, folder }) => [folder, name])),
  refused: new Map(),
  refusedDefault: undefined,
});

/** A reloader whose disk, sidecars and ports the test plays. */
function createFake(first: Bundle[], more: Partial<ReloaderOptions> = {}) {
  const candidates = new Candidates();
  const models = new Map<Bundle, Model>();
  const add = (bundle: Bundle): Model => {
    const model = { bundle, availability: { state: "ready", description: bundle.json } } as unknown as Model;
    models.set(bundle, model);
    return model;
  };
  for (const one of first) add(one);
  const fake = {
    disk: lying(...first),
    reads: 0,
    started: [] as Bundle[],
    shown: [] as ServedSet[],
    drain: (): void => undefined,
    gone: [] as Bundle[],
    settle: (bundle: Bundle, availability: unknown): void => {
      candidates.changed({ bundle, availability } as Model);
    },
    end: candidates.ended,
    candidates: () =>
      [...models.keys()].filter((one) => candidates.has(one)).map(({ name, json }) => `${name} ${json.digest}`),
    swapped: [] as string[],
    /** What a log of warnings has. */
    audit: [] as object[],
  };
  const silent = (): void => undefined;
  const tell = (level: string) => (fields: object) => void fake.audit.push({ level, ...fields });
  const reloader = new Reloader({
    first: { bundles: first, refused: new Map(), refusedDefault: undefined, refusedReloads: new Map() },
    read: () => {
      fake.reads += 1;
      return Promise.resolve(fake.disk);
    },
    pod: {
      add: (bundles) => {
        fake.started.push(...bundles);
        return bundles.map(add);
      },
      modelOf: (one) => models.get(one),
      remove: (one) => {
        models.delete(one);
        fake.gone.push(one);
        return Promise.resolve();
      },
    },
    candidates,
    show: (set) => {
      fake.shown.push(set);
      return Promise.resolve({ drained: new Promise<void>((resolve) => (fake.drain = resolve)) });
    },
    hasSidecarElsewhere: () => false,
    observer: { swapped: (model, outcome) => fake.swapped.push(`${model} ${outcome}`) },
    log: { debug: silent, info: silent, warn: tell("warn"), error: tell("error") },
    ...more,
  });
  return { reloader, fake };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};
const READY = { state: "ready" };

it("a changed bundle goes live when it is proved and not before; the old one goes when it has answered all it took", async () => {
  const [old, changed] = [bundle("a"), bundle("a", "2")];
  const { reloader, fake } = createFake([old]);
  fake.disk = lying(changed);
  const outcomes = reloader.reload("test");
  await turns();
  expect([fake.candidates(), fake.shown]).toEqual([["a 2"], []]);
  fake.settle(changed, READY);
  expect(await outcomes).toEqual([{ model: "a", outcome: "live", digest: "2" }]);
  expect(fake.shown.map(({ bundles }) => bundles)).toEqual([[changed]]);
  expect([fake.gone, fake.candidates(), fake.swapped]).toEqual([[], [], ["a live"]]);
  fake.drain();
  await turns();
  expect(fake.gone).toEqual([old]);
});

it.each([
  [
    "a failed proof",
    (fake: ReturnType<typeof createFake>["fake"], one: Bundle) => {
      fake.settle(one, { state: "failed", reason: "row 3 differs" });
    },
    "row 3 differs",
  ],
  [
    "the end of its sidecar",
    (fake: ReturnType<typeof createFake>["fake"], one: Bundle) => {
      fake.end(one, "it was ended by SIGSEGV");
    },
    "its sidecar ended before the proof: it was ended by SIGSEGV",
  ],
])("%s keeps a candidate out, and takes its sidecars away", async (_what, happens, reason) => {
  const [old, changed] = [bundle("a"), bundle("a", "2")];
  const { reloader, fake } = createFake([old]);
  fake.disk = lying(changed);
  const outcomes = reloader.reload("test");
  await turns();
  happens(fake, changed);
  expect(await outcomes).toEqual([{ model: "a", outcome: "refused", digest: "1", reason }]);
  expect([fake.gone, fake.swapped, reloader.served.bundles]).toEqual([[changed], ["a refused"], [old]]);
  expect(reloader.served.refusedReloads.get("a")?.reason).toBe(reason);
});

it("a bundle that fails keeps no other from going live", async () => {
  const [oldA, oldB, a, b] = [bundle("a"), bundle("b"), bundle("a", "2"), bundle("b", "2")];
  const { reloader, fake } = createFake([oldA, oldB]);
  fake.disk = lying(a, b);
  const outcomes = reloader.reload("test");
  await turns();
  fake.settle(b, READY);
  await turns();
  expect(reloader.served.bundles).toEqual([oldA, b]);
  fake.settle(a, { state: "failed", reason: "no" });
  expect((await outcomes).map(({ model, outcome }) => `${model} ${outcome}`)).toEqual(["a refused", "b live"]);
});

it("who asks while it is under way is answered by the next one, which reads the disk again, once for all of them", async () => {
  const [changed, again] = [bundle("a", "2"), bundle("a", "3")];
  const { reloader, fake } = createFake([bundle("a")]);
  fake.disk = lying(changed);
  const first = reloader.reload("first");
  await turns();
  fake.disk = lying(again);
  const others = [reloader.reload("second"), reloader.reload("third")];
  fake.settle(changed, READY);
  await first;
  await turns();
  fake.settle(again, READY);
  const outcome = [{ model: "a", outcome: "live", digest: "3" }];
  expect(await Promise.all(others)).toEqual([outcome, outcome]);
  expect(fake.reads).toBe(2);
});

it("where a process cannot show the new set, all show the old one again, and the candidate is refused with the reason", async () => {
  const [old, changed] = [bundle("a"), bundle("a", "2")];
  const shown: (readonly Bundle[])[] = [];
  const { reloader, fake } = createFake([old], {
    show: ({ bundles }) => {
      shown.push(bundles);
      if (bundles.includes(changed)) return Promise.reject(new Error("The port 1313 is in use."));
      return Promise.resolve({ drained: Promise.resolve() });
    },
  });
  fake.disk = lying(changed);
  const outcomes = reloader.reload("test");
  await turns();
  fake.settle(changed, READY);
  const reason = "The port 1313 is in use.";
  expect(await outcomes).toEqual([{ model: "a", outcome: "refused", digest: "1", reason }]);
  expect(shown).toEqual([[changed], [old], [old]]);
  expect(fake.gone).toEqual([changed]);
});

it("a bundle whose sidecar something else starts is refused, with what to do", async () => {
  const { reloader, fake } = createFake([bundle("a")], { hasSidecarElsewhere: () => true });
  fake.disk = lying(bundle("a", "2"));
  const [outcome] = await reloader.reload("test");
  expect(outcome?.outcome).toBe("refused");
  expect(outcome?.reason).toMatch(/SIDECAR_URLS.*rolling update/);
});

it("what is not asked for any more is taken away, unless nothing were left", async () => {
  const [a, b] = [bundle("a"), bundle("b")];
  const { reloader, fake } = createFake([a, b]);
  fake.disk = lying(a);
  expect(await reloader.reload("test")).toEqual([
    { model: "a", outcome: "unchanged", digest: "1" },
    { model: "b", outcome: "removed", digest: null },
  ]);
  fake.disk = lying();
  const [outcome] = await reloader.reload("test");
  expect([outcome?.outcome, reloader.served.bundles]).toEqual(["refused", [a]]);
});

it("each outcome is told once, with who asked for it and what answered before and answers now, so that a log of warnings has it", async () => {
  const [a, b, c] = [bundle("a"), bundle("b"), bundle("c")];
  const [changed, refused, added] = [bundle("a", "2"), bundle("b", "2"), bundle("d", "4")];
  const { reloader, fake } = createFake([a, b, c]);
  fake.disk = lying(changed, refused, added);
  const outcomes = reloader.reload("SIGHUP");
  await turns();
  for (const one of [changed, added]) fake.settle(one, READY);
  fake.settle(refused, { state: "failed", reason: "no" });
  await outcomes;
  const line = { audit: true, who: "SIGHUP", action: "reload" };
  const live = { level: "warn", ...line, outcome: "live" };
  expect(fake.audit).toHaveLength(4);
  expect(fake.audit).toEqual(
    expect.arrayContaining([
      { ...live, model: "a", before: "1", digest: "2" },
      { ...live, model: "d", before: null, digest: "4" },
      { level: "error", ...line, outcome: "refused", model: "b", before: "1", digest: "1", reason: "no" },
      { level: "warn", ...line, outcome: "removed", model: "c", before: "1", digest: null },
    ]),
  );
});

it("where several asked for the same reload, all of them are told of", async () => {
  const [changed, again] = [bundle("a", "2"), bundle("a", "3")];
  const { reloader, fake } = createFake([bundle("a")]);
  fake.disk = lying(changed);
  const first = reloader.reload("SIGHUP");
  await turns();
  fake.disk = lying(again);
  const others = ["POST /admin/reload", "watch", "POST /admin/reload"].map((who) => reloader.reload(who));
  fake.settle(changed, READY);
  await first;
  await turns();
  fake.settle(again, READY);
  await Promise.all(others);
  expect(fake.audit).toMatchObject([
    { who: "SIGHUP", digest: "2" },
    { who: "POST /admin/reload, watch", before: "2", digest: "3" },
  ]);
});

it("nothing is built anew where nothing has changed", async () => {
  const { reloader, fake } = createFake([bundle("a")]);
  fake.disk = lying(bundle("a"));
  await reloader.reload("test");
  expect(fake.shown).toEqual([]);
});

it("the end refuses candidates, and begins nothing more", async () => {
  const { reloader, fake } = createFake([bundle("a")]);
  fake.disk = lying(bundle("a", "2"));
  const outcomes = reloader.reload("test");
  await turns();
  reloader.end();
  expect((await outcomes).map(({ reason }) => reason)).toEqual(["Picklepod is ending"]);
  await expect(reloader.reload("later")).rejects.toMatchObject({
    status: 503,
    members: {
      detail: expect.stringContaining("Picklepod is ending") as string,
      headers: { "retry-after": expect.stringMatching(/^[12]$/) as string },
    },
  });
});

it("the end begins nothing of a reload that is still reading", async () => {
  let isRead = (_found: BundlesRead): void => undefined;
  const read = (): Promise<BundlesRead> => new Promise((resolve) => (isRead = resolve));
  const { reloader, fake } = createFake([bundle("a")], { read });
  const outcomes = reloader.reload("test");
  await turns();
  reloader.end();
  isRead(lying(bundle("a", "2")));
  await turns();
  expect([fake.started, fake.shown]).toEqual([[], []]);
  await expect(outcomes).rejects.toMatchObject({ status: 503 });
});

it("the end refuses candidates too that are only to be tried out", async () => {
  let isShown = (): void => undefined;
  const a = bundle("a");
  const { reloader, fake } = createFake([a], {
    first: { bundles: [a], refused: new Map([["b", "no"]]), refusedDefault: undefined, refusedReloads: new Map() },
    show: () =>
      new Promise((resolve) => {
        isShown = () => {
          resolve({ drained: Promise.resolve() });
        };
      }),
  });
  fake.disk = lying(bundle("a", "2"));
  const outcomes = reloader.reload("test");
  await turns(); // what is refused no more is being shown
  reloader.end();
  isShown();
  expect((await outcomes).map(({ reason }) => reason)).toEqual(["Picklepod is ending"]);
  expect(fake.started).toEqual([]);
});
