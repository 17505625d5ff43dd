import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ask } from "../../src/check/ask";
import { knownCalls, type Known, startLoad } from "../load";
import { familyOf } from "../process-family";
import { isAlive, type Listening, pause, startPicklepod, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** The long form is 20 s: LOAD_SECONDS=20. */
const SECONDS = Number(process.env["LOAD_SECONDS"] ?? 6);
const KILL_EVERY_MS = 3_000;
const PER_SECOND = 150;
/** The default deadline, the millisecond of its one row, and what this machine's scheduling may add to it. */
const ANSWERED_WITHIN_MS = 1_001 + 400;

let picklepod: Listening;
let calls: Known[];
let url: string;
beforeAll(async () => {
  picklepod = await startReady({ models: ["classification"] });
  url = `${picklepod.url}/models/classification/predictions`;
  calls = await knownCalls(url, syntheticRows("classification", 100, 11));
});
afterAll(() => picklepod.stop());

const latestSidecar = (): number => picklepod.sidecarPids().at(-1) ?? 0;
const answersRightly = (): Promise<true> =>
  until(30_000, "200 again", async () => {
    const [call] = calls;
    const answer = await ask(url, { body: call?.body ?? "" });
    return answer.status === 200 && answer.text === call?.right ? true : undefined;
  });

it("a sidecar killed under load: no wrong answer, every call answered in time, and 200 again", async () => {
  const load = startLoad(url, calls, PER_SECOND);
  const end = performance.now() + SECONDS * 1000;
  let kills = 0;
  while (performance.now() < end) {
    await pause(500);
    process.kill(latestSidecar(), "SIGKILL");
    kills += 1;
    await pause(KILL_EVERY_MS - 500);
  }
  await answersRightly();
  const { refused, ...outcomes } = await load.stop();
  expect(outcomes).toMatchObject({ wrong: 0, lost: [], notAccepted: 0, withoutRetryAfter: 0 });
  expect(Object.keys(refused).filter((status) => status !== "503" && status !== "504")).toEqual([]);
  expect(outcomes.slowestMs).toBeLessThan(ANSWERED_WITHIN_MS);
  expect(outcomes.right).toBeGreaterThan(PER_SECOND / 2);
  expect(new Set(picklepod.sidecarPids()).size).toBe(kills + 1);
});

it("a sidecar frozen under load: every call answered in time, not ready within 3 s, and 200 within 1 s of its thaw", async () => {
  await answersRightly();
  const load = startLoad(url, calls, PER_SECOND);
  await pause(500);
  const pid = latestSidecar();
  process.kill(pid, "SIGSTOP");
  const notReadyAfter = await msUntil(async () => (await ask(`${picklepod.url}/readyz`)).status === 503);
  const live = await ask(`${picklepod.url}/livez`);
  await pause(1_000);
  process.kill(pid, "SIGCONT");
  const rightAfter = await msUntil(async () => (await ask(url, { body: calls[0]?.body ?? "" })).status === 200);
  await pause(500);
  const { refused, ...outcomes } = await load.stop();

  expect(live.status).toBe(200);
  expect(notReadyAfter).toBeLessThan(3_300);
  expect(rightAfter).toBeLessThan(1_000);
  expect(outcomes).toMatchObject({ wrong: 0, lost: [], notAccepted: 0, withoutRetryAfter: 0 });
  expect(Object.keys(refused).filter((status) => status !== "503" && status !== "504")).toEqual([]);
  expect(outcomes.slowestMs).toBeLessThan(ANSWERED_WITHIN_MS);
});

it("a sidecar that stays frozen is ended and another started: 200 again without any hand's help", async () => {
  await answersRightly();
  const pid = latestSidecar();
  process.kill(pid, "SIGSTOP");
  const another = await until(40_000, "another listens", () => (latestSidecar() === pid ? undefined : latestSidecar()));
  await answersRightly();
  expect([isAlive(pid), isAlive(another)]).toEqual([false, true]);
  const said = picklepod.log.filter(({ msg }) => msg.startsWith("sidecar classification is gone")).at(-1);
  expect(said?.["reason"]).toMatch(/^it did not answer for \d+ s, and did not compute, and was ended$/);
});

it("a sidecar killed while it searches for its block rules leaves none of its children behind", async () => {
  const state = mkdtempSync(join(tmpdir(), "picklepod-lost-"));
  const searching = await startPicklepod({
    models: ["classification"],
    env: { STATE_DIR: state, OPENBLAS_CORETYPE: "Nehalem" }, // no samples know this kernel
  });
  try {
    const family = await until(120_000, "the search runs", () => {
      const [pid = 0] = searching.sidecarPids();
      const all = pid === 0 ? [] : familyOf(pid);
      return searching.log.some((line) => line["event"] === "search") && all.length > 1 ? all : undefined;
    });
    process.kill(family[0] ?? 0, "SIGKILL");
    await until(5_000, "all of them are gone", () => (family.some(isAlive) ? undefined : true));
  } finally {
    await searching.stop();
    rmSync(state, { recursive: true, force: true });
  }
});

async function msUntil(is: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  await until(30_000, "what is waited for", async () => ((await is()) ? true : undefined));
  return performance.now() - began;
}
