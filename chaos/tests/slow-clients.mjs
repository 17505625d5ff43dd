// R12: sockets that send their head or their body byte by byte, and readers that take a large answer byte by byte.
import { atMost, exactly, told } from "../goals.mjs";
import { knownCalls, openLoop, summary } from "../load/run.mjs";
import { requestBytes } from "../load/open-loop.mjs";
import { ask } from "../servers/ask.mjs";
import { fewRows, wideBundle, WIDE_ROWS } from "../servers/bundles.mjs";
import { msUntil, pause, timeOfDay } from "../servers/until.mjs";
import { watchHeld } from "./held-sockets.mjs";
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
/** By then the good traffic is under way. */
const UNDER_WAY_MS = 1_000;
/** Readers come one after the other: what their answers take to be made is no slowness of theirs. */
const READER_EVERY_MS = 250;
/** Of those that nobody is slow on: a look of the metadata's, and one that is being closed. */
const SPARE_FILES = 2;
const CLOSED_WITHIN_MS = 2_000;

async function run({ start, tell, short }) {
  const picklepod = await start({ models: [wideBundle()] });
  await picklepod.ready();
  const url = `${picklepod.url}/models/wide/predictions`;
  const rows = await fewRows(100);
  const calls = await knownCalls("wide", url, rows);
  const load = (seconds) => openLoop({ url, calls, phases: [{ rate: RATE, seconds }] });
  const alone = summary((await load(short ? 4 : 8)).samples);
  const seen = { idleMb: picklepod.rssMb(), readMb: 0, unreadMb: 0 };
  let which = "readMb";
  const sampling = setInterval(() => (seen[which] = Math.max(seen[which], picklepod.rssMb())), 50);
  const seconds = short ? 16 : 20;
  const [read] = await Promise.all([load(seconds), readAtOnce(`${picklepod.url}/wide`, rows)]);
  which = "unreadMb";
  const filesBefore = picklepod.files();
  const bodies = slowBodies(url); // they may stay longest, and are there all the time
  const besideGood = (opening) => beside(opening, picklepod.url, () => load(seconds));
  const lorises = await besideGood((add) => slowlorises(picklepod.url, add));
  const reading = await besideGood((add) => slowReaders(`${picklepod.url}/wide`, rows, add));
  const files = () => picklepod.files() - filesBefore - bodies.stillOpen();
  await msUntil(CLOSED_WITHIN_MS, () => files() <= SPARE_FILES, 100);
  seen.filesMore = files();
  const bodiesEnd = await bodies.end();
  clearInterval(sampling);
  const besideRead = summary(read.samples);
  tell(JSON.stringify({ alone, besideRead, lorises, reading, bodiesEnd, ...seen }));
  return [
    ...judged("slowloris", lorises),
    p99Of("slowloris", lorises, "alone", alone),
    ...judged("slow readers", reading),
    p99Of("slow readers", reading, "beside the same answers read at once", besideRead),
    p99Of("slow readers, when all answers are made", reading.whenThere, "alone", alone),
    atMost("files more than before, when they have gone", seen.filesMore, SPARE_FILES),
    atMost("slow bodies: all cut after", bodiesEnd.cutMs, BODY_CUT_WITHIN_MS, " ms"),
    exactly("slow bodies: cut without a 408", BODIES - bodiesEnd.told, 0),
    atMost("memory more than at most where the same answers are read", seen.unreadMb - seen.readMb, 100, " MB"),
    told("memory more than before any was asked for", seen.unreadMb - seen.idleMb, " MB"),
  ];
}

const judged = (who, found) => [
  atMost(`${who}: longest until one was cut`, found.cutMs, CUT_WITHIN_MS, " ms"),
  exactly(`${who}: good traffic not answered`, found.sent - found.right, 0),
];

/** Large answers take their time to be made, whoever reads them: beside that, good traffic is compared with such as is read. */
const p99Of = (who, found, than, base) =>
  atMost(`${who}: p99 of good traffic, times ${than}`, found.goodP99 / base.goodP99, 2, " x");

/** Slow clients that are opened while good traffic is under way, and watched beside it and behind it until all are cut. */
async function beside(opening, url, load) {
  const held = watchHeld(url);
  const loading = load();
  await pause(UNDER_WAY_MS);
  const ones = await opening(held.add);
  const there = timeOfDay();
  const { begun, samples } = await loading;
  await msUntil(CUT_WITHIN_MS, held.areCut, 100);
  held.stop();
  stopAll(ones);
  const whenThere = summary(samples.filter(([due]) => begun + due >= there));
  return { ...summary(samples), whenThere, cutMs: held.cutMs() };
}

function slowlorises(url, add) {
  const ones = Array.from({ length: SLOWLORIS }, () => slowloris(url));
  for (const { socket } of ones) add(socket);
  return ones;
}

const slowloris = (url) =>
  slowSocket(url, (socket) => {
    socket.resume().write("POST /predict HTTP/1.1\r\nhost: a\r\nx-slow: ");
    return () => socket.write("a");
  });

const wideBody = (rows) => `[${Array.from({ length: WIDE_ROWS }, (_, i) => rows[i % rows.length]).join(",")}]`;

/** As many answers, as often asked for as by the slow readers. */
async function readAtOnce(url, rows) {
  const body = wideBody(rows);
  await pause(UNDER_WAY_MS);
  const reading = [];
  for (let i = 0; i < READERS; i += 1) {
    reading.push(ask(url, { body }));
    await pause(READER_EVERY_MS);
  }
  await Promise.all(reading);
}

/** Each reads a byte a second of an answer that is its own. */
async function slowReaders(url, rows, add) {
  const bytes = requestBytes({ url }, wideBody(rows));
  const readers = [];
  for (let i = 0; i < READERS; i += 1) {
    const reader = slowSocket(url, (socket) => {
      socket.pause().write(bytes);
      return () => socket.read(1);
    });
    add(reader.socket);
    readers.push(reader);
    await pause(READER_EVERY_MS);
  }
  return readers;
}
