// The short form of npm run fuzz, but for the properties, which jest runs, and schemathesis, which takes minutes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fuzz } from "./main.mjs";
import { mutated } from "./mutations.mjs";
import { seeded } from "./seeded.mjs";

test("whatever comes over a socket is answered, or ended, and is never the API's failure", async () => {
  const [sockets] = await fuzz({ short: true, names: ["sockets"] });
  assert.deepEqual(sockets.findings, []);
  assert.equal(sockets.cases, 2_000);
  for (const status of ["200", "400", "404", "422", "431"])
    assert.ok(sockets.statuses[status] > 0, `none is ${status}`);
});

test("whatever the sidecar reads of a stranger is read rightly, or refused", async () => {
  const [sidecar] = await fuzz({ short: true, names: ["sidecar"] });
  assert.deepEqual(sidecar.findings, []);
  assert.ok(sidecar.cases >= 1_600);
});

test("the same seed makes the same requests", () => {
  const requests = [
    Buffer.from("POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello"),
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
  ];
  const made = (seed) => Array.from({ length: 50 }, (_, i) => mutated(requests, seeded(seed + i)).toString("latin1"));
  assert.deepEqual(made(1), made(1));
  assert.notDeepEqual(made(1), made(2));
});
