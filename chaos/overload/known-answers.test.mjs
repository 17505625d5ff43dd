import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { knownAnswers } from "./known-answers.mjs";

const ROWS = [{ p: 0.25 }, { p: 0.75 }, { p: 0.5 }];
/** It answers what the row says. */
let server, some;
before(async () => {
  server = createServer(async (request, response) => {
    const { p } = JSON.parse(Buffer.concat(await request.toArray()));
    response.end(JSON.stringify([{ probability_positiveclass: p, predicted_class: Number(p >= 0.5) }]));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  some = { id: "test", label: "Some", url: `http://127.0.0.1:${server.address().port}/`, wire: "records" };
});
after(() => {
  server.close();
  server.closeAllConnections();
});

test("what a server answers alone is what it is held to, row by row, as far as there is a reference", async () => {
  const { file, body } = await knownAnswers(some, ROWS, [0.25, 0.75]);
  const calls = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  assert.equal(body, '{"p":0.25}');
  assert.deepEqual(
    calls.map(({ body: asked, right }) => [JSON.parse(asked).p, JSON.parse(right)[0].predicted_class]),
    [
      [0.25, 0],
      [0.75, 1],
    ],
  );
});

test("a server that answers otherwise than the reference is not measured", async () => {
  await assert.rejects(knownAnswers(some, ROWS, [0.25, 0.74]), /Some, each alone, row 1: answered/);
});

test("nor is one that does not answer", async () => {
  await assert.rejects(knownAnswers({ ...some, url: "http://127.0.0.1:9/" }, ROWS, [0.25]), /Some answered none/);
});
