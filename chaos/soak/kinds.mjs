// Who calls, how often, and what each is owed. `ask` ends in "right", or "refused: <problem>", or throws what is wrong.
import { gzipSync } from "node:zlib";

import { call, leave } from "./call.mjs";
import { badRequests } from "./bad-requests.mjs";
import { cutOff } from "./slow.mjs";

const json = { "content-type": "application/json" };
const ndjson = { "content-type": "application/x-ndjson" };
const STREAM_ROWS = 5_120;
const BULK_ROWS = 10_000;
const SOME_ROWS = 200;

/** @param expected the prediction of each row, as it was answered alone */
export function kindsOf({ origin, model, agent, rows, expected }) {
  const url = `${origin}/models/${model}/predictions`;
  const list = (count) => JSON.stringify(Array.from({ length: count }, (_, i) => rows[i % rows.length]));
  const bulk = (count) => ({ url, agent, headers: json, parts: [Buffer.from(list(count))], count });
  const [some, large] = [bulk(SOME_ROWS), bulk(BULK_ROWS)];
  const singles = rows.map((row) => Buffer.from(JSON.stringify(row)));
  const lines = Buffer.from(`${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  const stream = { url, agent, method: "PUT", headers: ndjson, parts: Array(STREAM_ROWS / rows.length).fill(lines) };
  const zipped = { ...stream, headers: { ...ndjson, "content-encoding": "gzip" }, parts: [gzipSync(lines)] };
  const halved = { ...stream, url: `${url}?on_error=null`, parts: [lines, Buffer.from("{\n"), lines] };
  const bad = badRequests({ origin, model, url, row: rows[0], list: list(2) });
  const looks = ["/livez", "/readyz", "/models", `/models/${model}`, "/metrics", "/openapi.json", "/docs", "/v2"];
  const one = (n) => ({ url, agent, headers: json, parts: [singles[n % singles.length]] });
  return [
    { name: "single rows", everyMs: 10, ask: async (n) => checkRows(await call(one(n)), expected, n, 1) },
    { name: "200 rows", everyMs: 500, ask: async () => checkRows(await call(some), expected, 0, SOME_ROWS) },
    { name: "10,000 rows", everyMs: 12_000, ask: async () => checkRows(await call(large), expected, 0, BULK_ROWS) },
    { name: "streams", everyMs: 6_000, ask: async () => checkStream(await call(stream), expected, STREAM_ROWS, 0) },
    {
      name: "gzip streams",
      everyMs: 2_000,
      ask: async () => checkStream(await call(zipped), expected, rows.length, 0),
    },
    {
      name: "bad lines",
      everyMs: 3_000,
      ask: async () => checkStream(await call(halved), expected, rows.length * 2, 1),
    },
    { name: "bad requests", everyMs: 40, ask: async (n) => checkRefused(bad[n % bad.length], agent) },
    { name: "leaving singles", everyMs: 100, ask: async (n) => left({ ...one(n), afterMs: n % 20 }) },
    { name: "leaving lists", everyMs: 5_000, ask: async (n) => left({ ...large, afterMs: (n * 37) % 400 }) },
    { name: "leaving streams", everyMs: 4_000, ask: async (n) => left({ ...stream, afterMs: (n * 53) % 900 }) },
    { name: "slow headers", everyMs: 3_000, ask: async () => cutOff(origin) },
    { name: "control plane", everyMs: 500, ask: async (n) => checkLook(origin + looks[n % looks.length], agent) },
  ];
}

/** What may be told in place of an answer, where more comes than can be served. */
function isRefused({ status, headers }) {
  if (status === 504) return true;
  return (status === 503 || status === 429) && Number(headers["retry-after"]) > 0;
}

const refusal = ({ type, detail }) => `refused: ${type.split(":").at(-1)}, ${detail.replaceAll(/\d+/g, "n")}`;

function checkRows(reply, expected, first, count) {
  if (isRefused(reply)) return refusal(JSON.parse(reply.body));
  if (reply.status !== 200 || !reply.isWhole) throw new Error(said(reply));
  const { predictions } = JSON.parse(reply.body);
  if (predictions.length !== count) throw new Error(`${predictions.length} of ${count} rows were answered`);
  predictions.forEach((prediction, i) => same(prediction, expected[(first + i) % expected.length]));
  return "right";
}

function same(prediction, expected) {
  const found = JSON.stringify(prediction);
  if (found !== expected) throw new Error(`answered ${found} where it was ${expected} alone`);
}

function checkStream(reply, expected, rows, refused) {
  if (isRefused(reply)) return refusal(JSON.parse(reply.body));
  if (reply.status !== 200) throw new Error(said(reply));
  const all = reply.body.toString().trimEnd().split("\n").map(JSON.parse);
  const { summary, problem } = all.pop();
  if (problem !== undefined && !reply.isWhole) return cutShort(problem);
  if (!reply.isWhole || summary === undefined) throw new Error(`a stream ended without its summary: ${end(reply)}`);
  const predictions = all.filter((line) => line.errors === undefined);
  if (predictions.length !== rows || summary.predicted !== rows || summary.refused !== refused)
    throw new Error(`${predictions.length} of ${rows} rows, ${JSON.stringify(summary)}`);
  predictions.forEach((prediction, i) => same(prediction, expected[i % expected.length]));
  return "right";
}

/** A stream that cannot go on says why in its last line, and is broken off. */
function cutShort(problem) {
  if ([503, 504].includes(problem.status)) return refusal(problem);
  throw new Error(`a stream ended with ${JSON.stringify(problem)}`);
}

const end = ({ body }) => body.toString("utf8", Math.max(0, body.length - 200));

async function checkRefused({ name, statuses, ...request }, agent) {
  const reply = await call({ agent, ...request });
  if (isRefused(reply)) return refusal(JSON.parse(reply.body));
  if (!statuses.includes(reply.status)) throw new Error(`${name}: ${said(reply)}`);
  if (!reply.headers["content-type"]?.startsWith("application/problem+json"))
    throw new Error(`${name}: answered as ${reply.headers["content-type"]}`);
  return "right";
}

async function left(request) {
  await leave(request);
  return "right";
}

async function checkLook(url, agent) {
  const reply = await call({ url, agent, method: "GET" });
  if (reply.status !== 200) throw new Error(`${url}: ${said(reply)}`);
  return "right";
}

const said = ({ status, body }) => `${status} ${body.toString("utf8", 0, 300)}`;
