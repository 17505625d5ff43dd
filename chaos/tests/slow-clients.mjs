// R12: sockets that send their head byte by byte, and readers that take a large answer byte by byte.
import { connect } from "node:net";

import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { requestBytes } from "../load/open-loop.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows, wideBundle, WIDE_ROWS } from "../servers/bundles.mjs";
import { msUntil } from "../servers/until.mjs";

export const slowClients = { id: "R12", what: "500 slowloris sockets, 50 readers at 1 byte a second of 10 MB", run };

const RATE = 100;
const SLOWLORIS = 500;
const READERS = 50;
/** Whoever is not through by then has been served for nothing. */
const CUT_WITHIN_MS = 30_000;
/** Connections of the good traffic, and of the metadata's. */
const SPARE_FILES = 16;

async function run({ start, tell, short }) {
  const picklepod = await start({ models: [wideBundle()] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/wide/predictions`;
  const rows = await fewRows(100);
  const calls = await knownCalls("wide", url, rows);
  const alone = summary((await openLoop({ url, calls, phases: [{ rate: RATE, seconds: short ? 4 : 8 }] })).samples);
  const seen = { readMb: 0, unreadMb: 0 };
  let which = "readMb";
  const sampling = setInterval(() => (seen[which] = Math.max(seen[which], picklepod.rssMb())), 50);
  for (let i = 0; i < READERS; i += 1) await ask(`${picklepod.url}/wide`, { body: wideBody(rows) });
  which = "unreadMb";
  const heads = await slowOnes(picklepod, () => Array.from({ length: SLOWLORIS }, () => slowloris(picklepod.url)));
  const lorises = await beside(picklepod, url, calls, heads, short ? 8 : 15);
  const readers = await slowOnes(picklepod, () => slowReaders(`${picklepod.url}/wide`, rows));
  const reading = await beside(picklepod, url, calls, readers, short ? 8 : 15);
  clearInterval(sampling);
  tell(JSON.stringify({ alone, lorises, reading, ...seen }));
  return [
    ...judged("slowloris", lorises, alone),
    ...judged("slow readers", reading, alone),
    atMost("memory more than where the same answers are read", seen.unreadMb - seen.readMb, 100, " MB"),
  ];
}

const judged = (who, found, alone) => [
  atMost(`${who}: all cut after`, found.cutMs, CUT_WITHIN_MS, " ms"),
  atMost(`${who}: p99 of good traffic, times alone`, found.goodP99 / alone.goodP99, 2, " x"),
  exactly(`${who}: good traffic not answered`, found.sent - found.right, 0),
];

/** Good traffic for so long, then waiting until the server holds no more connections than before the slow ones came. */
async function beside(picklepod, url, calls, { begun, filesBefore, stop }, seconds) {
  const { samples } = await openLoop({ url, calls, phases: [{ rate: RATE, seconds }] });
  const areCut = () => picklepod.files() <= filesBefore + SPARE_FILES;
  await msUntil(CUT_WITHIN_MS - (performance.now() - begun), areCut, 100);
  const cutMs = areCut() ? performance.now() - begun : Infinity;
  stop();
  return { ...summary(samples), cutMs };
}

/** {begun, filesBefore, stop} of slow clients that `opening` opens. What is unread hides from them that they were cut. */
async function slowOnes(picklepod, opening) {
  const filesBefore = picklepod.files();
  const begun = performance.now();
  const ones = await opening();
  const stop = () => {
    for (const { socket, slowly } of ones) {
      clearInterval(slowly);
      socket.destroy();
    }
  };
  return { begun, filesBefore, stop };
}

function slowloris(url) {
  const socket = open(url).resume();
  socket.on("connect", () => socket.write("POST /predict HTTP/1.1\r\nhost: a\r\nx-slow: "));
  return { socket, slowly: setInterval(() => socket.write("a"), 1_000) };
}

const wideBody = (rows) => `[${Array.from({ length: WIDE_ROWS }, (_, i) => rows[i % rows.length]).join(",")}]`;

/** One after the other asks, so that the answers are made; then each reads a byte a second. */
async function slowReaders(url, rows) {
  const bytes = requestBytes({ url }, wideBody(rows));
  const readers = [];
  for (let i = 0; i < READERS; i += 1) {
    const socket = open(url).pause();
    socket.write(bytes);
    await new Promise((resolve) => socket.once("readable", resolve).once("close", resolve));
    readers.push({ socket, slowly: setInterval(() => socket.read(1), 1_000) });
  }
  return readers;
}

function open(url) {
  const { hostname: host, port } = new URL(url);
  return connect({ host, port: Number(port) }).on("error", () => undefined); // being cut may be told as a reset
}
