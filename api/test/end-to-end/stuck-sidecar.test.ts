import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readBundle } from "../../src/bundle/read-bundles";
import { ask, json } from "../../src/check/ask";
import { project } from "../../src/project";
import { prepareEnvironment } from "../../src/supervise/environments";
import { type Sidecar, startSidecar } from "../../src/supervise/sidecar-process";
import { copyBundle, editManifest } from "../bundle-copy";
import { pin } from "../real/real-bundle";
import { isAlive, type Listening, startReady, testState, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

const LOOPING = `
def look(rows):
    while (rows[:, 0] == 666).any():
        pass
    return rows[:, 0]
`;
/** What a call is given (the deadline, a millisecond for each row, and the sidecar's grace), and some time to be seen. */
const SAID_WITHIN_MS = 35_000;
const STUCK =
  /^looping has computed 1 row for \d+ s, far longer than anybody waits, and no other call is answered before/;

const [row = ""] = syntheticRows("classification", 1, 11);
const endless = JSON.stringify({ ...(JSON.parse(row) as object), x0: 666 });
let folder: string;
beforeAll(async () => {
  folder = copyBundle("classification", "looping");
  writeFileSync(join(folder, "looping.py"), LOOPING);
  rmSync(join(folder, "samples"), { recursive: true });
  const step = "  - {code: looping.look, columns: [x0], output: seen}";
  const own = `code: {looping: looping.py}\nlimits: {rows: 64, block: 64}\n\nsteps:\n${step}`;
  editManifest(folder, (text) => text.replace(/^steps:/m, own).replace(/^contract:[^]*/m, ""));
  await pin(folder);
});

const predict = async (picklepod: Listening, body: string): Promise<number> =>
  (await ask(`${picklepod.url}/models/looping/predictions`, { body })).status;

const readiness = async (picklepod: Listening): Promise<{ status: number; reason: string }> => {
  const answer = await ask(`${picklepod.url}/readyz`);
  const { models } = json(answer) as { models: Record<string, { reason?: string }> };
  return { status: answer.status, reason: models["looping"]?.reason ?? "" };
};

/** Asked for the endless row at the same time, since each takes its time to be found. */
let desk: Listening;
let pod: Listening;
let elsewhere: Sidecar;
beforeAll(async () => {
  desk = await startReady({ models: [folder] });
  elsewhere = await startElsewhere();
  pod = await startReady({ models: [folder], env: { SIDECAR_URLS: `looping=${elsewhere.url}` } });
  expect(await predict(desk, row)).toBe(200);
  expect(await Promise.all([predict(desk, endless), predict(pod, endless)])).toEqual([504, 504]);
});
afterAll(() => Promise.all([desk.stop(), pod.stop(), elsewhere.stop({ graceMs: 0 })]));

it("in a pod /readyz says that it is stuck, and it ends itself, for whatever started it to start another", async () => {
  const { reason } = await until(SAID_WITHIN_MS, "/readyz says it", async () => {
    const told = await readiness(pod);
    return told.status === 503 && told.reason.includes("is stuck") ? told : undefined;
  });
  expect(reason).toMatch(`its sidecar at ${elsewhere.url} is stuck: looping has computed 1 row for `);
  expect(reason).toMatch(/Whatever started it should end it and start it again$/);
  expect(await ask(`${elsewhere.url}/v2/health/ready`)).toMatchObject({ status: 503 });
  expect(await elsewhere.exited).toBe("it ended with code 1");
});

it("at a desk it is ended, which the log explains, and another answers", async () => {
  const [pid = 0] = desk.sidecarPids();
  await until(15_000, "another listens", () => desk.sidecarPids().length > 1 || undefined);
  await until(60_000, "200 again", async () => (await predict(desk, row)) === 200 || undefined);
  expect(isAlive(pid)).toBe(false);
  const gone = desk.log.find(({ msg }) => msg.startsWith("sidecar looping is gone"));
  expect(gone?.["reason"]).toMatch(STUCK);
  expect(gone?.["reason"]).toMatch(/, and was ended$/);
  const said = desk.log.find((line) => line["event"] === "stuck");
  expect(said?.["text"]).toMatch(STUCK);
  expect(said?.["text"]).toMatch(/Look in the API's log for the requests that had no answer then \(504\)/);
});

async function startElsewhere(): Promise<Sidecar> {
  const { json: described } = readBundle(folder);
  const nothing = (): void => undefined;
  const shared = { env: process.env, log: { debug: nothing, info: nothing, warn: nothing, error: nothing } };
  const { python } = await prepareEnvironment({
    ...shared,
    python: described.python,
    lock: join(folder, described.lock.file),
    bundles: ["looping"],
    sidecarLock: project.sidecarLock(described.python),
    sidecarRoot: project.sidecarRoot,
    uvRequirements: project.uvRequirements,
    cacheDir: project.cacheFolder,
  });
  const bundles = [{ folder, digest: described.digest }];
  return startSidecar({ ...shared, name: "looping", python, bundles, stateDir: testState });
}
