import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openLoop } from "./open-loop.mjs";
import { summary } from "./run.mjs";

/** What the server does with a request, by the request's body. */
const doings = {
  right: (response) => response.end("right"),
  other: (response) => response.end("other"),
  busy: (response) => response.writeHead(503, { "retry-after": "2", "content-length": 0 }).end(),
  rude: (response) => response.writeHead(503, { "content-length": 0 }).end(),
  failing: (response) => response.writeHead(500, { "content-length": 0 }).end(),
  closing: (response) => response.socket.destroy(),
  silent: () => undefined,
  slow: (response) => setTimeout(() => response.end("right"), SLOW_MS),
};
const SLOW_MS = 150;
let server, url, folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "open-loop-"));
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk)).on("end", () => doings[body](response));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${server.address().port}/predict`;
});
after(() => {
  rmSync(folder, { recursive: true });
  server.close();
  server.closeAllConnections();
});

async function loadOf(bodies, job = {}, ...limits) {
  const calls = join(folder, "calls.json");
  writeFileSync(calls, JSON.stringify(bodies.map((body) => ({ body, right: "right" }))));
  const phases = [{ rate: 100, seconds: bodies.length / 100 }];
  return openLoop({ url, calls, phases, patienceMs: 2_000, ...job }, ...limits);
}
const statusesOf = async (bodies, job) => (await loadOf(bodies, job)).samples;
const outcomes = (samples) => samples.map(([, , status, right]) => `${status} ${right}`).sort();

test("each request has one outcome: its status, lost where the connection closes, unanswered where nothing comes", async () => {
  assert.deepEqual(outcomes(await statusesOf(["right", "other", "busy", "rude", "failing", "closing", "silent"])), [
    ...["200 false", "200 true", "500 false", "503 false", "503 true", "lost false", "unanswered false"],
  ]);
});

test("what finds no server is refused, not lost", async () => {
  const nobody = { url: "http://127.0.0.1:9/predict" };
  assert.deepEqual(outcomes(await statusesOf(["right", "right"], nobody)), ["refused false", "refused false"]);
});

test("who leaves is told apart from who got no answer", async () => {
  const leaving = { leaveAfterMs: 20, leaveShare: 1 };
  assert.deepEqual(outcomes(await statusesOf(["silent", "silent"], leaving)), ["left false", "left false"]);
});

test("requests are sent at their times, though none of those before is answered", async () => {
  const { samples, lagP99 } = await loadOf(Array(20).fill("silent"));
  assert.ok(lagP99 < 500, `lag ${lagP99} ms`);
  assert.deepEqual(
    samples.map(([due]) => due).sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i * 10),
  );
});

const kept = (most) => ({ kept: most, patienceMs: 400 });

test("who waits for a kept connection is charged for the wait, and the load did not come late for that", async () => {
  const { samples, lagP99 } = await loadOf(["slow", "slow"], kept(1));
  assert.deepEqual(outcomes(samples), ["200 true", "200 true"]);
  assert.ok(samples[1][1] >= 2 * SLOW_MS - 10 - 5, `waited ${samples[1][1]} ms`); // it was due 10 ms later, and timers may be early
  assert.ok(lagP99 < SLOW_MS / 2, `lag ${lagP99} ms`);
});

test("who waits for a kept connection hangs up when patience is over, counted from when it was due", async () => {
  const samples = await statusesOf(Array(5).fill("slow"), kept(1));
  assert.deepEqual(outcomes(samples), ["200 true", "200 true", ...Array(3).fill("unanswered false")]);
  for (const [, ms, status] of samples) assert.ok(status === 200 || (ms >= 395 && ms < 500), `hung up after ${ms} ms`);
});

test("connections come from as many addresses as are asked for", async () => {
  const seen = new Set();
  const look = (socket) => seen.add(socket.remoteAddress);
  server.on("connection", look);
  await statusesOf(Array(6).fill("slow"), { addresses: 3 });
  server.off("connection", look);
  assert.deepEqual([...seen].sort(), ["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
});

test("where the load cannot have its connections it comes late", async () => {
  const { lagP99 } = await loadOf(Array(4).fill("slow"), {}, 1);
  assert.ok(lagP99 >= 2 * SLOW_MS, `lag ${lagP99} ms`);
});

test("the summary counts wrong answers, late ones, refusals without Retry-After and dishonest ones apart", () => {
  const samples = [
    [0, 5, 200, true],
    [0, 2_000, 200, true],
    [0, 5, 200, false],
    [0, 5, 503, true],
    [0, 5, 503, false],
    [0, 5, 500, false],
    [0, 5, 422, false],
    [0, 5, "lost", false],
  ];
  const { sent, right, wrong, refused, withoutRetryAfter, dishonest, unanswered } = summary(samples, {
    honest: [200, 503],
  });
  assert.deepEqual(
    { sent, right, wrong, refused, withoutRetryAfter, dishonest, unanswered },
    { sent: 8, right: 1, wrong: 1, refused: 2, withoutRetryAfter: 1, dishonest: 2, unanswered: 1 },
  );
});

test("what a test's callers may meet is the test's own word", () => {
  const samples = [
    [0, 5, 200, true],
    [0, 5, 429, true],
    [0, 5, 504, false],
    [0, 5, "refused", false],
  ];
  const dishonest = (honest) => summary(samples, honest && { honest }).dishonest;
  assert.deepEqual([dishonest(), dishonest([200, 504]), dishonest([200, 429, 504])], [2, 1, 0]);
});
