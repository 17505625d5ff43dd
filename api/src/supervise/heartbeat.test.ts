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
let asks: number;
let ticks: number;
let frozen: string[];

beforeEach(async () => {
  [answers, asks, ticks, frozen] = [200, 0, 0, []];
  server = createServer((_request, response) => {
    asks += 1;
    if (answers !== undefined) response.writeHead(answers).end();
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

it("one that has not served yet is never frozen: it loads", async () => {
  answers = 503;
  watch();
  await until(() => asks > 2);
  answers = undefined;
  const before = asks;
  await until(() => asks > before + 12);
  expect([frozen, heartbeat.wasReady]).toEqual([[], false]);
});

it("one that computes is given the time of the longest call", async () => {
  watch(200);
  await until(() => heartbeat.wasReady);
  answers = undefined;
  const before = asks;
  const computing = setInterval(() => (ticks += 10), 5);
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
