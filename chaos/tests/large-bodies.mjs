// R13: bodies beyond what is taken, and such as are not what they say.
import { gzipSync } from "node:zlib";

import { atMost, exactly } from "../goals.mjs";
import { rawAsk } from "../load/raw.mjs";
import { ask, warm } from "../servers/ask.mjs";
import { fewRows } from "../servers/bundles.mjs";

export const largeBodies = { id: "R13", what: "bodies of 100 MB, a gzip bomb, wrong lengths", run };

const SIZE = 100_000_000;
/** Less than is the default, and plainly less than what is sent of a body that nobody refuses. */
const LIMIT_MB = 8;
const GROWN_MB = 30;
/**
 * Honest rows up to the limit are no attack before the byte behind it comes: they have been read as they came, and what was made of
 * them (their bytes, columns and predictions) is some twice the limit, as it is for a body that just fits.
 */
const GROWN_BY_ROWS_MB = GROWN_MB + 2 * LIMIT_MB;
/** What fits into the kernel's buffers on both sides, and what is under way. */
const READ_BEFORE_REFUSAL_MB = 40;
/** Some 64 KB. */
const ROWS_A_PIECE = 38;
/** Of so many pieces, a list that is taken, and is large: the thread that reads these is there when memory is first looked at. */
const PIECES_TAKEN = 20;
const listOf = (rows) => `[${Array(PIECES_TAKEN).fill(rows.join(",")).join(",")}]`;
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
  "a gzip bomb": {
    statuses: [415],
    send: (socket) =>
      void (socket.write(head("content-encoding: gzip", `content-length: ${BOMB.length}`)), socket.write(BOMB)),
  },
  "less than its length, then the end": {
    statuses: [400, "none"],
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
  const picklepod = await start({ models: ["classification"], env: { BODY_LIMIT_MB: String(LIMIT_MB) } });
  await picklepod.ready();
  const rows = await fewRows(ROWS_A_PIECE);
  await warm(`${picklepod.url}/predict`, rows[0]);
  await ask(`${picklepod.url}/predict`, { body: listOf(rows) });
  const before = picklepod.rssMb();
  const seen = { rssMb: 0, others: [], slowest: 0, read: 0 };
  const sampling = setInterval(() => (seen.rssMb = Math.max(seen.rssMb, picklepod.rssMb() - before)), 20);
  await askAll(picklepod, bodies, { seen, tell });
  const withoutRowsMb = seen.rssMb;
  await askAll(picklepod, honest(rows), { seen, tell });
  clearInterval(sampling);
  return [
    exactly("answered otherwise than 413, 415 or 400", seen.others.join(", "), ""),
    atMost("slowest refusal", seen.slowest, 1_000, " ms"),
    atMost("sent before it was refused", seen.read, READ_BEFORE_REFUSAL_MB, " MB"),
    atMost("memory grown by", withoutRowsMb, GROWN_MB, " MB"),
    atMost("memory grown by, with the honest rows", seen.rssMb, GROWN_BY_ROWS_MB, " MB"),
    exactly("defects in the log", picklepod.defects(), 0),
  ];
}

async function askAll({ url }, asked, { seen, tell }) {
  for (const [name, { statuses, send }] of Object.entries(asked)) {
    const { status, ms, sent } = await rawAsk(url, send);
    tell(`${name}: ${status} in ${ms.toFixed(0)} ms, ${sent} bytes sent, ${seen.rssMb.toFixed(1)} MB more by then`);
    if (!statuses.includes(status)) seen.others.push(`${name}: ${status}`);
    seen.slowest = Math.max(seen.slowest, ms);
    seen.read = Math.max(seen.read, sent / 1e6);
  }
}
