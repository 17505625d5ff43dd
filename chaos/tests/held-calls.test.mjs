import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { holdCalls } from "./held-calls.mjs";

const known = [1, 2].map((p) => ({ body: `{"x":${p}}`, right: `{"predictions":[{"p":${p}}]}` }));
const alone = (row) => ({ p: row.x });

/** What a server answers, each by what it changes of the right predictions. */
const answers = {
  right: (rows) => rows,
  "a row too few": (rows) => rows.slice(1),
  "a row changed": (rows) => rows.map((row, i) => (i === 777 ? { p: 3 } : row)),
  "two rows exchanged": ([first, second, ...others]) => [second, first, ...others],
};
let change = answers.right;
let begun = 0;

const server = createServer(async (asked, response) => {
  begun += 1;
  const chunks = [];
  for await (const chunk of asked) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (change === undefined) return void response.writeHead(503).end();
  if (asked.method === "POST")
    return void response.end(JSON.stringify({ predictions: change(JSON.parse(text).map(alone)) }));
  const lines = change(text.trimEnd().split("\n").map(JSON.parse).map(alone));
  const whole = lines.map((line) => JSON.stringify(line)).join("\n");
  response.end(`${whole}\n${JSON.stringify({ summary: { predicted: 4_000 } })}\n`);
});
await once(server.listen(0, "127.0.0.1"), "listening");
after(() => server.close());

async function faults() {
  const holding = await holdCalls(`http://127.0.0.1:${server.address().port}/`, known);
  assert.equal(begun, 2, "both are under way before their last bytes are sent");
  begun = 0;
  return Promise.all([holding.endList(), holding.endStream()]);
}

test("what is answered in full and rightly has no fault", async () => {
  change = answers.right;
  assert.deepEqual(await faults(), [undefined, undefined]);
});

for (const how of ["a row too few", "a row changed", "two rows exchanged"]) {
  test(`${how} is a fault of both`, async () => {
    change = answers[how];
    const [list, stream] = await faults();
    assert.match(list, /^the list: /);
    assert.match(stream, /^the stream: /);
  });
}

test("a refusal is a fault of both", async () => {
  change = undefined;
  assert.deepEqual(await faults(), ["the list: 503 ", "the stream: 503, and ends with "]);
});

test("nobody there is a fault, and no failure of the test", async () => {
  const holding = await holdCalls("http://127.0.0.1:1/", known);
  assert.match((await holding.endList()) ?? "", /^the list: .*ECONNREFUSED/);
});
