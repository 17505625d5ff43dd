import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";

import { fuzzSockets } from "./raw-socket.mjs";

const RIGHT = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";

/** Answers what fetch sends, and does to all others as it is told. */
async function fuzzed(toOthers) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => (/user-agent/i.test(bytes) ? socket.end(RIGHT) : toOthers(socket)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const { findings } = await fuzzSockets({ url, bundle: "b", row: { x: 1 }, cases: 12 });
  server.close();
  return new Set(findings.map(({ wrong }) => wrong));
}

test("who answers all of them is found nothing wrong with", async () => {
  assert.deepEqual(await fuzzed((socket) => socket.end(RIGHT)), new Set());
});

test("a connection that is reset without an answer is a finding", async () => {
  const found = await fuzzed((socket) => socket.resetAndDestroy());
  assert.ok(found.has("the connection was reset without an answer"));
});

test("so is a server that ends them all without a word", async () => {
  assert.deepEqual(await fuzzed((socket) => socket.end()), new Set(["only 0 of 12 requests were answered"]));
});
