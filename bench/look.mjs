// npm run bench:look: Picklepod beside FastAPI + uvicorn + orjson, the same pickles, the same rows, one run, on loopback.
// A look, not a benchmark: medians of a few interleaved rounds. What counts is the ratio.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";

import autocannon from "autocannon";

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "..");
const { findUv } = require(join(root, "dist/supervise/find-uv.js"));
const { findPython } = require(join(root, "dist/supervise/find-python.js"));
const { readBundle } = require(join(root, "dist/bundle/read-bundles.js"));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

const bundle = readBundle(join(root, "models/classification"));
const rows = JSON.parse(
  execFileSync("python3", [join(root, "models/synthetic"), "classification", "--rows", "10000", "--seed", "5"], {
    maxBuffer: 1 << 30,
  }),
);

async function peerEnvironment() {
  const folder = join(root, ".picklepod/bench/fastapi");
  const python = join(folder, "bin/python");
  if (existsSync(python)) return python;
  const options = { env: process.env, log: quiet, cacheDir: join(root, ".picklepod"), bundles: ["the benchmark"] };
  const uv = await findUv({ ...options, requirements: join(root, "sidecar/locks/uv.txt") });
  const found = await findPython("3.9", { ...options, uv: async () => uv });
  mkdirSync(join(root, ".picklepod/bench"), { recursive: true });
  execFileSync(uv.path, ["venv", "-q", "-p", found.path ?? found.program, folder], { stdio: "inherit" });
  const locks = [join(root, "models/classification/requirements.lock"), join(root, "bench/peers/fastapi.lock")];
  execFileSync(
    uv.path,
    ["pip", "install", "-q", "-p", python, "--require-hashes", ...locks.flatMap((lock) => ["-r", lock])],
    { stdio: "inherit" },
  );
  return python;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function started(name, program, args, env) {
  const port = await freePort();
  const child = spawn(program, args(port), {
    cwd: root,
    env: { ...process.env, ...env(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}/predict`;
  for (let waited = 0; waited < 60_000; waited += 200) {
    const reply = await post(url, rows[0]).catch(() => undefined);
    if (reply?.status === 200) return { name, url, child };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill();
  throw new Error(`${name} did not answer within a minute`);
}

const post = (url, body) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

const picklepod = () =>
  started(
    "picklepod",
    process.execPath,
    () => ["dist/main.js"],
    (port) => ({
      PORT: String(port),
      MODELS: "classification",
      LOG_LEVEL: process.env.LOG_LEVEL ?? "info",
      REQUEST_TIMEOUT_MS: "10000",
    }),
  );

async function fastapi(workers) {
  const python = await peerEnvironment();
  const categories = Object.fromEntries(
    [...bundle.inputs].filter(([, input]) => input.type === "category").map(([name, input]) => [name, input.values]),
  );
  const args = (port) => [
    "-m",
    "uvicorn",
    "fastapi_app:app",
    "--app-dir",
    join(root, "bench/peers"),
    "--port",
    String(port),
    "--workers",
    String(workers),
    "--no-access-log",
    "--log-level",
    "error",
  ];
  return started(`fastapi, ${workers} workers`, python, args, () => ({
    BUNDLE: bundle.folder,
    CATEGORIES: JSON.stringify(categories),
    INPUTS: JSON.stringify([...bundle.inputs.keys()]),
  }));
}

const singles = rows
  .slice(0, 512)
  .map((row) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(row) }));

async function load(url, connections) {
  const { requests, latency, non2xx, errors } = await autocannon({
    url,
    connections,
    duration: SECONDS,
    requests: singles,
  });
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} answers were not 200, ${errors} errors`);
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99 };
}

/** autocannon counts whole milliseconds; a lone client's times are taken here. */
async function alone(url) {
  const times = [];
  for (let i = 0; i < 600; i += 1) {
    const begun = performance.now();
    await (await fetch(url, singles[i % singles.length])).arrayBuffer();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return { p50: times[300], p99: times[593] };
}

async function bulk(url) {
  const body = JSON.stringify(rows);
  const begun = performance.now();
  const reply = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const answers = await reply.json();
  if (answers.length !== rows.length) throw new Error(`${url} answered ${answers.length} rows`);
  return (performance.now() - begun) / 1000;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Both must say the same before either is timed. */
async function compare(servers) {
  const answers = await Promise.all(servers.map(async ({ url }) => (await post(url, rows.slice(0, 200))).json()));
  for (const [i, first] of answers[0].entries()) {
    for (const other of answers.slice(1)) {
      const far = Math.abs(first.probability_positiveclass - other[i].probability_positiveclass);
      if (!(far <= 1e-9)) throw new Error(`row ${i}: ${JSON.stringify(first)} and ${JSON.stringify(other[i])}`);
    }
  }
}

const servers = [];
try {
  servers.push(await picklepod(), await fastapi(1), await fastapi(2));
  await compare(servers);
  const seen = servers.map(() => ({ alone50: [], alone99: [], many: [], many99: [], bulk: [] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, { url }] of servers.entries()) {
      const one = await alone(url);
      const many = await load(url, 64);
      seen[i].alone50.push(one.p50);
      seen[i].alone99.push(one.p99);
      seen[i].many.push(many.perSecond);
      seen[i].many99.push(many.p99);
      seen[i].bulk.push(await bulk(url));
    }
  }
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  console.log(
    `picklepod ${version}, node ${process.versions.node}; ${readFileSync(join(root, "bench/peers/fastapi.txt"), "utf8").trim().replaceAll("\n", ", ")}`,
  );
  console.log("server | alone p50 ms | alone p99 ms | 64 clients req/s | p99 ms | 10,000 rows s");
  for (const [i, { name }] of servers.entries()) {
    const row = seen[i];
    console.log(
      [
        name,
        median(row.alone50).toFixed(2),
        median(row.alone99).toFixed(2),
        median(row.many).toFixed(0),
        median(row.many99).toFixed(0),
        median(row.bulk).toFixed(3),
      ].join(" | "),
    );
  }
  for (const [i, { name }] of servers.entries()) {
    if (i === 0) continue;
    const ratio = (key) => (median(seen[0][key]) / median(seen[i][key])).toFixed(2);
    console.log(
      `picklepod / ${name}: alone p50 ${ratio("alone50")}, 64 clients ${ratio("many")}, 10,000 rows ${ratio("bulk")}`,
    );
  }
} finally {
  for (const { child } of servers) child.kill();
}
