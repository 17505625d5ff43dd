import type { Bundle } from "../bundle/read-bundles";
import type { Availability, Model } from "../predict/model";
import { Candidates } from "../swap/candidates";
import type { ServedSet } from "../swap/served-set";
import type { ToPrimary } from "../workers/messages";
import { Taking } from "./taking";

const bundle = (name: string): Bundle => ({ name }) as unknown as Bundle;
const setOf = (...bundles: Bundle[]): ServedSet => ({ bundles }) as unknown as ServedSet;

/** A worker whose sidecars and ports the test plays. */
function createFake(first: Bundle, show: () => Promise<void> = () => Promise.resolve()) {
  const candidates = new Candidates();
  const models = new Map<Bundle, Model>();
  const told: ToPrimary[] = [];
  const shown: (readonly Bundle[])[] = [];
  const add = (bundles: readonly Bundle[]): Model[] =>
    bundles.map((one) => {
      const model = { bundle: one, availability: { state: "starting", reason: "nobody has answered" } } as Model;
      models.set(one, model);
      return model;
    });
  const warned: string[] = [];
  const taking = new Taking({
    primary: { tell: (message) => void told.push(message) },
    pod: {
      add,
      modelOf: (one) => models.get(one),
      remove: (one) => Promise.resolve(void models.delete(one)),
    },
    candidates,
    front: {
      show: async ({ bundles }) => {
        await show();
        shown.push(bundles);
        return { drained: Promise.resolve() };
      },
    },
    first: setOf(first),
    log: { warn: (_facts: unknown, text?: string) => void warned.push(String(text)) },
    readyWithinMs: 200,
  });
  const settle = (one: Bundle, availability: Partial<Availability>): void => {
    const model = models.get(one);
    if (model) candidates.changed(Object.assign(model, { availability }));
  };
  return { taking, told, shown, warned, settle, up: () => [...models.keys()] };
}

async function createServing(...given: Parameters<typeof createFake>): Promise<ReturnType<typeof createFake>> {
  const fake = createFake(...given);
  await fake.taking.begin(false);
  fake.shown.length = 0;
  return fake;
}

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const [old, changed] = [bundle("old"), bundle("changed")];

it("the first set is shown at once where nobody else answers", async () => {
  const { taking, shown, up } = createFake(old);
  await taking.begin(false);
  expect([shown, up()]).toEqual([[[old]], [old]]);
});

it("where others answer, it is shown when its bundle is seen to be ready, and what comes meanwhile after it", async () => {
  const { taking, told, shown, settle } = createFake(old);
  const begun = taking.begin(true);
  taking.next(setOf(), 1);
  await passed(50);
  expect(shown).toEqual([]);
  settle(old, { state: "ready" });
  await begun;
  await passed(20);
  expect(shown).toEqual([[old], []]);
  expect(told[0]).toEqual({ kind: "shown", number: 1 });
});

it("one that is not ready in time is shown all the same: it tells who asks why", async () => {
  const { taking, shown, warned } = createFake(old);
  await taking.begin(true);
  expect([shown, warned]).toEqual([[[old]], [expect.stringMatching(/^not ready in time/)]]);
});

it("a first set that no port can be had for is told to who began it", async () => {
  const { taking } = createFake(old, () => Promise.reject(new Error("The port 1313 is in use.")));
  await expect(taking.begin(false)).rejects.toThrow("The port 1313 is in use.");
});

it("a set is shown when its new bundle is seen to be ready, and what it replaces goes", async () => {
  const { taking, told, shown, settle, up } = await createServing(old);
  taking.next(setOf(changed), 1);
  await passed(50);
  expect([shown, told]).toEqual([[], []]);
  settle(changed, { state: "ready" });
  await passed(20);
  expect([shown, up()]).toEqual([[[changed]], [changed]]);
  expect(told).toEqual([
    { kind: "shown", number: 1 },
    { kind: "drained", number: 1 },
  ]);
});

it.each([
  ["is not seen in time", undefined, /changed ready within 0 s; it is starting: nobody has answered$/],
  ["has failed here", { state: "failed", reason: "row 3 differs" } as const, /it is failed: row 3 differs$/],
])("one whose proof %s is not shown: the one before it stays, and the primary is told", async (_what, news, reason) => {
  const { taking, told, shown, settle, up } = await createServing(old);
  taking.next(setOf(changed), 1);
  await passed(50);
  if (news) settle(changed, news);
  await passed(300);
  expect([shown, up()]).toEqual([[], [old]]);
  expect(told).toEqual([{ kind: "cannot-show", number: 1, reason: expect.stringMatching(reason) as string }]);
  taking.next(setOf(old), 2);
  await passed(20);
  expect(shown).toEqual([[old]]);
});

it("one that no port can be had for is put away again", async () => {
  let isFirst = true;
  const { taking, told, settle, up } = await createServing(old, () => {
    if (isFirst) return Promise.resolve(void (isFirst = false));
    return Promise.reject(new Error("The port 1313 is in use."));
  });
  taking.next(setOf(changed), 1);
  await passed(20);
  settle(changed, { state: "ready" });
  await passed(20);
  expect(told).toEqual([{ kind: "cannot-show", number: 1, reason: "The port 1313 is in use." }]);
  expect(up()).toEqual([old]);
});
