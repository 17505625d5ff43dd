import { knownCalls, startLoad } from "../load";
import { isAlive, type Listening, pause, startPicklepod, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

async function underLoad(picklepod: Listening) {
  const url = `${picklepod.url}/models/classification/predictions`;
  const load = startLoad(url, await knownCalls(url, syntheticRows("classification", 20, 12)), 300);
  await pause(1_000);
  return load;
}

const allGone = (pids: readonly number[]): Promise<true> =>
  until(10_000, `${pids.join(", ")} gone`, () => (pids.some(isAlive) ? undefined : true));

/** Once is luck: a connection must be written to in the very moment that it is closed. */
it.each([1, 2, 3])(
  "SIGTERM under load: what was accepted is answered rightly, it ends with 0, and its sidecar with it (%i)",
  async () => {
    const picklepod = await startReady({ models: ["classification"] });
    const load = await underLoad(picklepod);
    const began = performance.now();
    picklepod.kill("SIGTERM");
    const ended = await picklepod.ended;
    const ms = performance.now() - began;
    const { lost, wrong, refused } = await load.stop();

    expect(ended).toEqual({ code: 0, signal: null });
    expect(ms).toBeLessThan(10_000);
    expect({ wrong, refused, lost }).toEqual({ wrong: 0, refused: {}, lost: [] });
    await allGone(picklepod.sidecarPids());
  },
);

it("kill -9 of the API leaves no orphan", async () => {
  const picklepod = await startReady({ models: ["classification"] });
  picklepod.kill("SIGKILL");
  await picklepod.ended;
  expect(picklepod.sidecarPids().length).toBe(1);
  await allGone(picklepod.sidecarPids());
});

it("SIGTERM while its sidecars are still starting ends it as well", async () => {
  const picklepod = await startPicklepod({ models: ["classification", "glm-fit"] });
  await pause(200);
  expect(await picklepod.stop()).toEqual({ code: 0, signal: null });
  await allGone(picklepod.sidecarPids());
});
