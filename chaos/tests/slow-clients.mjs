// R12: sockets that send their head or their body byte by byte, and readers that take a large answer byte by byte.
import { atMost, exactly } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { requestBytes } from "../load/open-loop.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows, wideBundle, WIDE_ROWS } from "../servers/bundles.mjs";
import { msUntil } from "../servers/until.mjs";
import { BODIES, BODY_CUT_WITHIN_MS, slowBodies } from "./slow-bodies.mjs";
import { slowSocket, stopAll } from "./slow-socket.mjs";

export const slowClients = {
  id: "R12",
  what: `500 slowloris sockets, ${BODIES} bodies at 1 byte a second, 50 readers at 1 byte a second of 10 MB`,
  run,
};

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
  const filesBefore = picklepod.files();
  const bodies = slowBodies(url); // they may stay longest, and are there all the time
  const areCut = () => picklepod.files() <= filesBefore + SPARE_FILES + bodies.stillOpen();
  const besideGood = (opening) => beside(opening, { url, calls, areCut, seconds: short ? 8 : 15 });
  const lorises = await besideGood(() => Array.from({ length: SLOWLORIS }, () => slowloris(picklepod.url)));
  const reading = await besideGood(() => slowReaders(`${picklepod.url}/wide`, rows));
  const bodiesEnd = await bodies.end();
  clearInterval(sampling);
  tell(JSON.stringify({ alone, lorises, reading, bodiesEnd, ...seen }));
  return [
    ...judged("slowloris", lorises, alone),
    ...judged("slow readers", reading, alone),
    atMost("slow bodies: all cut after", bodiesEnd.cutMs, BODY_CUT_WITHIN_MS, " ms"),
    exactly("slow bodies: cut without a 408", BODIES - bodiesEnd.told, 0),
    atMost("memory more than where the same answers are read", seen.unreadMb - seen.readMb, 100, " MB"),
  ];
}

const judged = (who, found, alone) => [
  atMost(`${who}: all cut after`, found.cutMs, CUT_WITHIN_MS, " ms"),
  atMost(`${who}: p99 of good traffic, times alone`, found.goodP99 / alone.goodP99, 2, " x"),
  exactly(`${who}: good traffic not answered`, found.sent - found.right, 0),
];

/**
 * Good traffic for so long beside the slow clients that `opening` opens, then waiting until the server holds them no more. It is asked
 * of the server: what is unread hides from them that they were cut.
 */
async function beside(opening, { url, calls, areCut, seconds }) {
  const begun = performance.now();
  const ones = await opening();
  const { samples } = await openLoop({ url, calls, phases: [{ rate: RATE, seconds }] });
  await msUntil(CUT_WITHIN_MS - (performance.now() - begun), areCut, 100);
  const cutMs = areCut() ? performance.now() - begun : Infinity;
  stopAll(ones);
  return { ...summary(samples), cutMs };
}

const slowloris = (url) =>
  slowSocket(url, (socket) => {
    socket.resume().write("POST /predict HTTP/1.1\r\nhost: a\r\nx-slow: ");
    return () => socket.write("a");
  });

const wideBody = (rows) => `[${Array.from({ length: WIDE_ROWS }, (_, i) => rows[i % rows.length]).join(",")}]`;

/** One after the other asks, so that the answers are made; then each reads a byte a second. */
async function slowReaders(url, rows) {
  const bytes = requestBytes({ url }, wideBody(rows));
  const readers = [];
  for (let i = 0; i < READERS; i += 1) {
    const reader = slowSocket(url, (socket) => {
      socket.pause().write(bytes);
      return () => socket.read(1);
    });
    await new Promise((resolve) => reader.socket.once("readable", resolve).once("close", resolve));
    readers.push(reader);
  }
  return readers;
}
