import { readlinkSync } from "node:fs";

import { ask, json } from "../../src/check/ask";
import { knownCalls, type Known, startLoad } from "../load";
import { familyOf } from "../process-family";
import {
  isAlive,
  type Listening,
  pause,
  type Picklepod,
  spawnPicklepod,
  startReady,
  until,
  untilReady,
} from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

let picklepod: Listening;
let calls: Known[];
let url: string;
beforeAll(async () => {
  picklepod = await startReady({ models: ["classification"], env: { WORKERS: "2" } });
  url = `${picklepod.url}/models/classification/predictions`;
  calls = await knownCalls(url, syntheticRows("classification", 40, 11));
});
afterAll(() => picklepod.stop());

/** What runs the same program as we do is a process of the API; the others are its sidecars'. */
const isOther =
  (first: number) =>
  (pid: number): boolean =>
    pid !== first && readlinkSync(`/proc/${pid}/exe`) === process.execPath;
const urlOf = ({ log }: Picklepod): string | undefined =>
  log.map(({ msg }) => /^listening on (\S+)$/.exec(msg)?.[1]).find(Boolean);
const pidsOf = ({ log }: Listening): number[] =>
  log.filter(({ msg }) => msg.startsWith("listening on ")).map((line) => Number(line["pid"]));
const workerPids = (): number[] => pidsOf(picklepod);

it("two processes share the port and one sidecar", () => {
  expect(new Set(workerPids()).size).toBe(2);
  expect(workerPids()).not.toContain(picklepod.pid);
  expect(picklepod.sidecarPids()).toHaveLength(1);
});

it("a worker that is killed is followed by another; no answer is wrong meanwhile, and its sidecar is known to it", async () => {
  const [first = 0, second = 0] = workerPids();
  const load = startLoad(url, calls, 50);
  process.kill(first, "SIGKILL");
  const third = await until(20_000, "a third worker", () => workerPids()[2]);
  process.kill(second, "SIGKILL"); // now the third alone answers
  await until(20_000, "a fourth worker", () => workerPids()[3]);
  await pause(1_000);
  const { wrong, right } = await load.stop();
  expect({ wrong, isThirdAlive: isAlive(third) }).toEqual({ wrong: 0, isThirdAlive: true });
  expect(right).toBeGreaterThan(20);
  expect(picklepod.sidecarPids()).toHaveLength(1);
});

it("a worker that dies before it listens takes nobody with it", async () => {
  const [, , , serving = 0] = workerPids();
  const ended = () => picklepod.log.filter(({ msg }) => msg === "a worker has ended").length;
  const [before, known] = [ended(), new Set([picklepod.pid, ...workerPids(), ...picklepod.sidecarPids()])];
  const listened = workerPids().length;
  process.kill(workerPids()[2] ?? 0, "SIGKILL");
  const newcomer = await until(20_000, "its successor", () => familyOf(picklepod.pid).find((pid) => !known.has(pid)));
  process.kill(newcomer, "SIGKILL");
  await until(20_000, "both are told", () => (ended() === before + 2 ? true : undefined));
  await until(20_000, "another listens", () => (workerPids().length === listened + 1 ? true : undefined));
  expect(isAlive(serving)).toBe(true);
  expect((await ask(`${picklepod.url}/readyz`)).status).toBe(200);
});

it("none says that it is ready before all are: a call may come to any of them", async () => {
  const other = spawnPicklepod({ models: ["classification"], env: { WORKERS: "2" } });
  try {
    const frozen = await until(20_000, "a process beside the first", () =>
      familyOf(other.pid).find(isOther(other.pid)),
    );
    process.kill(frozen, "SIGSTOP");
    const url = await until(60_000, "the other listens", () => urlOf(other));
    const proved = await until(60_000, "it is proved", async () => {
      const told = json(await ask(`${url}/readyz`)) as { models: Record<string, { state: string }> };
      return told.models["classification"]?.state === "ready" ? told : undefined;
    });
    expect(proved).toMatchObject({ ready: false, all_processes: false });
    process.kill(frozen, "SIGCONT");
    await untilReady({ ...other, url }, 20_000);
  } finally {
    await other.stop();
  }
});

it("a worker that is told twice to end, as by a signal to the whole group, loses nothing that it accepted", async () => {
  const env = { WORKERS: "2", REQUEST_TIMEOUT_MS: "20000" };
  const other = await startReady({ models: ["classification"], env });
  const [sidecar = 0] = other.sidecarPids();
  try {
    process.kill(sidecar, "SIGSTOP"); // so that calls are under way
    const [body = ""] = syntheticRows("classification", 1, 12);
    const answers = Array.from({ length: 8 }, () => ask(`${other.url}/models/classification/predictions`, { body }));
    await pause(500);
    for (const pid of pidsOf(other)) process.kill(pid, "SIGTERM");
    await pause(100); // two signals at once are one
    other.kill("SIGTERM");
    await pause(500);
    process.kill(sidecar, "SIGCONT");
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await other.ended).toEqual({ code: 0, signal: null });
  } finally {
    if (isAlive(sidecar)) process.kill(sidecar, "SIGCONT");
    await other.stop();
  }
});

it("SIGTERM ends the workers and then the sidecar", async () => {
  const pids = [...workerPids().slice(2), ...picklepod.sidecarPids()];
  expect(await picklepod.stop()).toEqual({ code: 0, signal: null });
  expect(pids.filter(isAlive)).toEqual([]);
});

it("a port that cannot be had ends them all, and is told", async () => {
  const refused = spawnPicklepod({ models: ["classification"], env: { WORKERS: "2", PORT: "1", HOST: "203.0.113.1" } });
  expect(await refused.ended).toEqual({ code: 1, signal: null });
  expect(refused.stderr()).toContain("203.0.113.1:1 cannot be listened on");
});
