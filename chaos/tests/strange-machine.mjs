// R16: the machine is not as one expects it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

import { allocator } from "../../bench/servers/allocator.mjs";
import { freePortsOf } from "../../bench/servers/free-ports.mjs";
import { processFamily } from "../../bench/servers/process-family.mjs";
import { makeRows, readFewRows } from "../../bench/servers/rows.mjs";
import { stop } from "../../bench/servers/signals.mjs";
import { atMost, exactly } from "../goals.mjs";
import { cache, root, stateFolder } from "../places.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows, pacedBundle } from "../servers/bundles.mjs";
import { msUntil, pause } from "../servers/until.mjs";

export const strangeMachine = {
  id: "R16",
  what: "a proxy in the environment, 128 files, a full disk, a clock that jumps",
  run: async (how) => {
    await makeRows();
    const figures = [];
    for (const part of [proxied, fewFiles, fullDisk, fullLog, jumpingClock]) {
      how.tell(part.name);
      figures.push(...(await part(how)));
    }
    return figures;
  },
};

const MODEL = "classification";
const PATIENCE_MS = 2_000;
const READY_MS = 60_000;
const row = () => JSON.stringify(readFewRows()[0]);
const predict = (url) => ask(`${url}/models/${MODEL}/predictions`, { body: row(), patienceMs: PATIENCE_MS });

/** Answers of `count` rows asked one after the other, by their status. */
async function statuses(url, count) {
  const seen = {};
  for (let i = 0; i < count; i += 1) {
    const { status } = await predict(url);
    seen[status] = (seen[status] ?? 0) + 1;
  }
  return JSON.stringify(seen);
}

/** Every spelling that a library may follow, and a proxy that counts who comes. */
async function proxied({ start }) {
  let came = 0;
  const proxy = createServer((socket) => {
    came += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = `http://127.0.0.1:${proxy.address().port}`;
  const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
  const env = {
    ...Object.fromEntries(names.map((name) => [name, address])),
    NODE_USE_ENV_PROXY: "1",
    NO_PROXY: "",
    no_proxy: "",
  };
  const picklepod = await start({ models: [MODEL], env });
  const notReady = await picklepod.ready().then(
    () => "",
    ({ message }) => message,
  ); // as where the proxy is asked for the sidecar
  const found = notReady === "" ? await statuses(picklepod.url, 20) : "none";
  await picklepod.stop();
  proxy.close();
  return [
    exactly("a proxy is set: what kept it from being ready", notReady, ""),
    exactly("a proxy is set: answers", found, '{"200":20}'),
    exactly("a proxy is set: calls that it saw", came, 0),
  ];
}

const FILES = 128;
const SOCKETS = 400;

/** More connections than files: those that find no place are closed, the others are answered, and all is well when they have gone. */
async function fewFiles({ start }) {
  const picklepod = await start({ models: [MODEL], within: ["prlimit", `--nofile=${FILES}:${FILES}`] });
  await picklepod.ready();
  const { port, host, hostname } = new URL(picklepod.url);
  const body = row();
  const text = `POST /models/${MODEL}/predictions HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const sockets = Array.from({ length: SOCKETS }, () => held(Number(port), hostname, text));
  await pause(2_000);
  const answers = sockets.map(({ heard }) => heard());
  for (const { socket } of sockets) socket.destroy();
  const ms = await msUntil(10_000, async () => (await predict(picklepod.url)).status === 200);
  const isAlive = picklepod.family.living().some(({ pid }) => pid === picklepod.pid);
  const wrong = answers.filter((answer) => answer !== "" && !/^HTTP\/1\.1 (200|503|504) /.test(answer)).length;
  return [
    exactly(`${FILES} files, ${SOCKETS} connections: lives`, isAlive, true),
    exactly(`${FILES} files: other answers than 200, 503 and 504`, wrong, 0),
    exactly(
      `${FILES} files: some were answered`,
      answers.some((answer) => answer.startsWith("HTTP/1.1 200")),
      true,
    ),
    atMost(`${FILES} files: first 200 when they have gone`, ms, 1_000, " ms"),
    exactly(`${FILES} files: defects in the log`, picklepod.defects(), 0),
  ];
}

/** A connection that is kept open with one request on it. */
function held(port, host, text) {
  let answer = "";
  const socket = connect({ port, host }, () => socket.write(text));
  socket.on("data", (bytes) => (answer += bytes.toString("latin1")));
  socket.on("error", () => undefined);
  return { socket, heard: () => answer };
}

/** Nothing can be kept of what is found out or trained: what needs none of it serves. */
async function fullDisk({ start }) {
  const folder = join(cache, "full");
  mkdirSync(folder, { recursive: true });
  const fill = `mount -t tmpfs -o size=4k none ${folder} && { cat /dev/zero > ${folder}/full 2>/dev/null; exec "$@"; }`;
  const within = ["unshare", "-m", "sh", "-c", fill, "sh"];
  const picklepod = await start({ models: [MODEL], within, env: { STATE_DIR: folder } });
  await picklepod.ready();
  const found = await statuses(picklepod.url, 20);
  await picklepod.stop();
  const { code } = await picklepod.ended;
  return [exactly("STATE_DIR is full: answers", found, '{"200":20}'), exactly("STATE_DIR is full: ends with", code, 0)];
}

/** The log cannot be written: nobody can read it, and everybody is answered. Its port is all that tells of it. */
async function fullLog({ build, also }) {
  const [port] = await freePortsOf(1);
  const full = openSync("/dev/full", "w");
  const env = { ...process.env, ...allocator, PORT: String(port), MODELS: MODEL, STATE_DIR: stateFolder };
  const child = spawn(process.execPath, [join(build, "main.js")], {
    cwd: root,
    env,
    stdio: ["ignore", full, "ignore"],
  });
  closeSync(full);
  const ended = once(child, "exit");
  const family = processFamily(child.pid);
  also({ stop: () => stop(family) });
  const url = `http://127.0.0.1:${port}`;
  try {
    const isReady = async () => (await ask(`${url}/readyz`, { patienceMs: 1_000 })).status === 200;
    const ms = await msUntil(READY_MS, isReady, 200);
    const found = ms === Infinity ? "none" : await statuses(url, 20);
    child.kill("SIGTERM");
    const [code] = await Promise.race([ended, pause(8_000).then(() => ["never"])]);
    return [
      atMost("the log's disk is full: ready after", ms, READY_MS, " ms"),
      exactly("the log's disk is full: answers", found, '{"200":20}'),
      exactly("the log's disk is full: ends with", code, 0),
    ];
  } finally {
    await stop(family);
  }
}

const JUMPS = 3;
const ROWS_A_JUMP = 40;
/** It is computed in parts of some 50 ms, each of them only while there is time left: the clock jumps between them. */
const PARTED_ROWS = 100;
const JUMP_AFTER_MS = 100;
/** As many as are sent: the one behind them comes when the clock has jumped out of the limit's window, and back. */
const CLOCK_LIMIT = (JUMPS + 1) * ROWS_A_JUMP + (JUMPS + 1);

/** Forward an hour and back two, while rows are asked for. */
async function jumpingClock({ start }) {
  const script = join(root, "chaos/machine/jumping-clock.cjs");
  const picklepod = await start({
    models: [MODEL, pacedBundle()],
    env: { NODE_OPTIONS: `--require=${script}`, RATE_LIMITS: `address:requests=${CLOCK_LIMIT}/600s` },
  });
  await picklepod.ready();
  const body = `[${(await fewRows(PARTED_ROWS)).join(",")}]`;
  const parted = () => ask(`${picklepod.url}/models/paced/predictions`, { body });
  const right = await parted();
  const [seen, others] = [[], []];
  for (let jump = 0; jump < JUMPS; jump += 1) {
    const asking = [parted(), statuses(picklepod.url, ROWS_A_JUMP)];
    await pause(JUMP_AFTER_MS);
    picklepod.kill("SIGUSR2"); // while some are under way
    const [{ status, text }, found] = await Promise.all(asking);
    if (status !== 200 || text !== right.text) others.push(status);
    seen.push(found);
  }
  seen.push(await statuses(picklepod.url, ROWS_A_JUMP));
  const beyond = await predict(picklepod.url);
  const ready = await ask(`${picklepod.url}/readyz`);
  return [
    exactly("the clock jumps: answers", [...new Set(seen)].join(), `{"200":${ROWS_A_JUMP}}`),
    exactly("the clock jumps: calls in parts, answered otherwise than rightly", others.join(", "), ""),
    exactly("the clock jumps: one call more than the limit", beyond.status, 429),
    exactly("the clock jumps: readyz", ready.status, 200),
    exactly("the clock jumps: sidecars started", picklepod.sidecarPids().length, 1),
    exactly("the clock jumps: defects in the log", picklepod.defects(), 0),
  ];
}
