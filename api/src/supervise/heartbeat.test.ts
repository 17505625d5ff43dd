import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { cpuTicks } from "./cpu-time";
import { type Heartbeat, watchHeartbeat } from "./heartbeat";

let server: Server;
let url: string;
let heartbeat: Heartbeat;
/** Its status, or nothing where it does not answer. */
let answers: number | undefined;
/** What it says besides. */
let body: string;
let asks: number;
let ticks: number | undefined;
let frozen: string[];

beforeEach(async () => {
  [answers, body, asks, ticks, frozen] = [200, "", 0, 0, []];
  server = createServer((_request, response) => {
    asks += 1;
    if (answers !== undefined) response.writeHead(answers).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  heartbeat.stop();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const watch = (longestCallMs = 100): void => {
  heartbeat = watchHeartbeat({
    ...{ url, pid: 1, longestCallMs, askEveryMs: 20, frozenAfterAsks: 3 },
    onFrozen: (reason) => frozen.push(reason),
    cpuTicksOf: () => ticks,
  });
};
async function until(is: () => boolean): Promise<void> {
  const end = performance.now() + 4_000;
  while (!is()) {
    if (performance.now() > end) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

it("one that has served, answers no more and computes nothing is frozen, which is told once", async () => {
  watch();
  await until(() => heartbeat.wasReady);
  answers = undefined;
  await until(() => frozen.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(frozen).toEqual(["it did not answer for 0 s, and did not compute"]);
});

describe("one that has not served yet, and answers no more", () => {
  const fallSilent = async (): Promise<number> => {
    answers = 503;
    watch();
    await until(() => asks > 2);
    answers = undefined;
    return asks;
  };

  it("is frozen when it computes nothing for six times as long: it may wait for a file while it loads", async () => {
    const before = await fallSilent();
    await until(() => frozen.length > 0);
    expect(asks - before).toBeGreaterThanOrEqual(18);
    expect(frozen).toEqual(["it did not answer for 0 s, and did not compute"]);
    expect(heartbeat.wasReady).toBe(false);
  });

  it("is never frozen while it computes: a large artifact may hold Python's lock for any time", async () => {
    const computing = setInterval(() => (ticks = (ticks ?? 0) + 10), 5);
    const before = await fallSilent();
    await until(() => asks > before + 30);
    clearInterval(computing);
    expect(frozen).toEqual([]);
  });

  it("is not frozen when it computes now and then", async () => {
    const before = await fallSilent();
    const computing = setInterval(() => (ticks = (ticks ?? 0) + 10), 200); // 10 asks
    await until(() => asks > before + 40);
    clearInterval(computing);
    expect(frozen).toEqual([]);
  });

  it("is not frozen where the system does not tell what it computes", async () => {
    const before = await fallSilent();
    ticks = undefined;
    await until(() => asks > before + 30);
    expect(frozen).toEqual([]);
  });
});

describe("one that says that it is stuck", () => {
  const STUCK = JSON.stringify({ ready: false, stuck: "mine has computed 1 row for 41 s" });

  it("is ended for that reason, when it has said so as often as a frozen one is asked", async () => {
    watch();
    await until(() => heartbeat.wasReady);
    [answers, body] = [503, STUCK];
    const before = asks;
    await until(() => frozen.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([frozen, asks - before]).toEqual([["mine has computed 1 row for 41 s"], 3]);
  });

  it("is not ended when the call ends after all: all had stood still together", async () => {
    watch();
    await until(() => heartbeat.wasReady);
    for (let i = 0; i < 4; i += 1) {
      const [told, ended] = [asks + 1, asks + 3];
      [answers, body] = [503, STUCK];
      await until(() => asks >= told);
      [answers, body] = [200, '{"ready": true}'];
      await until(() => asks >= ended);
    }
    expect(frozen).toEqual([]);
  });
});

it("one that computes is given the time of the longest call", async () => {
  watch(200);
  await until(() => heartbeat.wasReady);
  answers = undefined;
  const before = asks;
  const computing = setInterval(() => (ticks = (ticks ?? 0) + 10), 5);
  await until(() => frozen.length > 0);
  clearInterval(computing);
  expect(asks - before).toBeGreaterThanOrEqual(13); // 3, and 200 ms of them
  expect(frozen).toEqual(["it did not answer for 0 s, longer than any call may take"]);
});

it("one that answers in between, whatever it says, is well", async () => {
  watch();
  await until(() => heartbeat.wasReady);
  for (let i = 0; i < 4; i += 1) {
    const [silent, heard] = [asks + 2, asks + 3];
    answers = undefined;
    await until(() => asks >= silent);
    answers = 503;
    await until(() => asks >= heard);
  }
  expect(frozen).toEqual([]);
});

it("what a process has computed is read of the system, all of its threads", async () => {
  const busy = spawn(process.execPath, ["-e", "for (;;) ;"], { stdio: "ignore" });
  const gone = once(busy, "exit");
  await until(() => (cpuTicks(busy.pid ?? 0) ?? 0) > 10);
  busy.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 30));
  const stopped = cpuTicks(busy.pid ?? 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(cpuTicks(busy.pid ?? 0)).toBe(stopped);
  busy.kill("SIGKILL");
  await gone;
  expect(cpuTicks(busy.pid ?? 0)).toBeUndefined();
});
