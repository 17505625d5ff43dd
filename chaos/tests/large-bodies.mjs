// R13: bodies beyond what is taken, and such as are not what they say.
import { gzipSync } from "node:zlib";

import { atMost, exactly } from "../goals.mjs";
import { rawAsk } from "../load/raw.mjs";
import { ask, warm } from "../servers/ask.mjs";
import { fewRows } from "../servers/bundles.mjs";
import { bombs, rawZstdOf } from "./bombs.mjs";

export const largeBodies = { id: "R13", what: "bodies of 100 MB, gzip and zstd bombs, wrong lengths", run };

const SIZE = 100_000_000;
/** Less than is the default, and plainly less than what is sent of a body that nobody refuses. */
const LIMIT_MB = 8;
const DEFAULT_LIMIT_MB = 32;
const GROWN_MB = 30;
/** Honest rows are no attack before the byte behind the limit comes: by then all of them have been read, as they came. */
const GROWN_BY_ROWS_MB = GROWN_MB + DEFAULT_LIMIT_MB;
/** What fits into the kernel's buffers on both sides, and what is under way. */
const READ_MB = 32;
/** Some 64 KB. */
const ROWS_A_PIECE = 38;
/** Of so many pieces, a list that is taken, and is large: the thread that reads these is there when memory is first looked at. */
const PIECES_TAKEN = 20;
const listOf = (rows) => `[${Array(PIECES_TAKEN).fill(rows.join(",")).join(",")}]`;
/** Streams that are decoded, and honest, of as many bytes as bombs are decoded to before they are refused: what they take is there before. */
const STREAMS_TAKEN = 5;
const PIECES_STREAMED = 60;
const packings = { gzip: gzipSync, zstd: rawZstdOf };
const askStream = (url, encoding, rows) =>
  ask(`${url}/models/classification/predictions`, {
    method: "PUT",
    body: packings[encoding](Buffer.from(Array(PIECES_STREAMED).fill(rows.join("\n")).join("\n"))),
    headers: { "content-type": "application/x-ndjson", "content-encoding": encoding },
  });
const PIECE = Buffer.alloc(64 * 1024, " ");
const head = (...lines) =>
  `POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${lines.join("\r\n")}\r\n\r\n`;

/** Writes until it has written all, or nobody takes it. */
const pouring = (start, piece) => (socket) => {
  socket.write(start);
  const pour = () => {
    while (!socket.destroyed && socket.bytesWritten < SIZE)
      if (!socket.write(piece)) return void socket.once("drain", pour);
  };
  pour();
};

const BOMB = gzipSync(Buffer.alloc(SIZE, " "));
const chunked = (piece) => Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]);

/** Blanks alone are refused also for being no row, and so many rows for being too many: of few among blanks only the size is at fault. */
const honest = (rows) => {
  const few = Buffer.from(`${rows[0]},`.padEnd(PIECE.length));
  const dense = Buffer.from(`${rows.join(",")},`);
  const send = (piece) => pouring(`${head("transfer-encoding: chunked")}1\r\n[\r\n`, chunked(piece));
  return {
    "100 MB of honest rows in chunks, few among blanks": { statuses: [413], send: send(few) },
    "100 MB of honest rows in chunks": { statuses: [413], send: send(dense) },
  };
};

const bodies = {
  "100 MB with a length": { statuses: [413], send: pouring(head(`content-length: ${SIZE}`), PIECE) },
  "100 MB in chunks": { statuses: [413], send: pouring(head("transfer-encoding: chunked"), chunked(PIECE)) },
  "100 MB at a bundle's own address": {
    statuses: [413],
    send: pouring(head(`content-length: ${SIZE}`).replace("/predict", "/models/classification/predictions"), PIECE),
  },
  "a gzip bomb, as JSON": {
    statuses: [415],
    send: (socket) =>
      void (socket.write(head("content-encoding: gzip", `content-length: ${BOMB.length}`)), socket.write(BOMB)),
  },
  ...Object.fromEntries(
    Object.entries(bombs()).map(([name, bytes]) => [
      name,
      { statuses: [413], send: (socket) => void socket.write(bytes) },
    ]),
  ),
  "less than its length, then the end": {
    statuses: [400],
    send: (socket) => socket.end(`${head("content-length: 100")}[]`),
  },
  "more than its length": {
    statuses: [400, 422],
    send: (socket) => socket.write(`${head("content-length: 2")}{}{"a":1}\r\n\r\n`),
  },
  "a length that is none": { statuses: [400], send: (socket) => socket.write(`${head("content-length: ten")}{}`) },
  "a negative length": { statuses: [400], send: (socket) => socket.write(`${head("content-length: -1")}{}`) },
  "two lengths": {
    statuses: [400],
    send: (socket) => socket.write(`${head("content-length: 2", "content-length: 3")}{}`),
  },
  "a chunk that lies": {
    statuses: [400],
    send: (socket) => socket.write(`${head("transfer-encoding: chunked")}zz\r\n{}\r\n0\r\n\r\n`),
  },
};

async function run({ start, tell }) {
  const small = await measured({ start, tell }, LIMIT_MB, () => bodies);
  const large = await measured({ start, tell }, DEFAULT_LIMIT_MB, honest);
  return [
    exactly("answered otherwise than 413, 415 or 400", [...small.others, ...large.others].join(", "), ""),
    atMost("slowest refusal", Math.max(small.slowest, large.slowest), 1_000, " ms"),
    atMost("sent beyond its limit before it was refused", Math.max(small.beyondMb, large.beyondMb), READ_MB, " MB"),
    atMost("memory grown by", small.grownMb, GROWN_MB, " MB"),
    atMost(
      `memory grown by, with honest rows: ${GROWN_MB} MB, and the ${DEFAULT_LIMIT_MB} MB that are read of them`,
      large.grownMb,
      GROWN_BY_ROWS_MB,
      " MB",
    ),
    exactly("defects in the log", small.defects + large.defects, 0),
  ];
}

async function measured({ start, tell }, limitMb, bodiesOf) {
  const picklepod = await start({ models: ["classification"], env: { BODY_LIMIT_MB: String(limitMb) } });
  await picklepod.ready();
  const rows = await fewRows(ROWS_A_PIECE);
  await warm(`${picklepod.url}/predict`, rows[0]);
  await ask(`${picklepod.url}/predict`, { body: listOf(rows) });
  for (const encoding of Object.keys(packings))
    for (let i = 0; i < STREAMS_TAKEN; i += 1) await askStream(picklepod.url, encoding, rows);
  const before = picklepod.rssMb();
  const seen = { grownMb: 0, others: [], slowest: 0, beyondMb: 0 };
  const sampling = setInterval(() => (seen.grownMb = Math.max(seen.grownMb, picklepod.rssMb() - before)), 20);
  await askAll(picklepod, bodiesOf(rows), { limitMb, seen, tell });
  clearInterval(sampling);
  const defects = picklepod.defects();
  await picklepod.stop();
  return { ...seen, defects };
}

async function askAll({ url }, asked, { limitMb, seen, tell }) {
  for (const [name, { statuses, send }] of Object.entries(asked)) {
    const { status, ms, sent } = await rawAsk(url, send);
    tell(`${name}: ${status} in ${ms.toFixed(0)} ms, ${sent} bytes sent, ${seen.grownMb.toFixed(1)} MB more by then`);
    if (!statuses.includes(status)) seen.others.push(`${name}: ${status}`);
    seen.slowest = Math.max(seen.slowest, ms);
    seen.beyondMb = Math.max(seen.beyondMb, sent / 1e6 - limitMb);
  }
}
