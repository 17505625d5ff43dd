// Requests that arrive at a constant rate, whatever becomes of the ones before. A request's time runs from when it was due: a
// server that stalls is charged for everybody who would have come meanwhile.
import { readFileSync } from "node:fs";

import { connectionPool } from "./connection-pool.mjs";
import { mostSockets } from "./most-sockets.mjs";
import { saysTheSame } from "./says-the-same.mjs";

/** What has no answer then has none: far beyond every deadline. */
const PATIENCE_MS = 5_000;
/** Then answers are read again: a load that is behind would send and send, and be later still. */
const TURN_MS = 10;
const nothing = () => undefined;

/**
 * @param job {url, calls: a file of [{body, right?}], phases: [{rate, seconds}, …], leaveAfterMs?, leaveShare?, patienceMs?,
 * headers?, wire?: of answers that need not be the known one's bytes, kept?, addresses?}
 * Who finds no connection free opens one, from so many `addresses` of this machine. With `kept` there are so many from the
 * beginning and never more: who finds none free waits, and that is the server's doing, part of the request's time.
 * @returns {begun, samples: [[due, ms, status, right], …], lagP99}: times in milliseconds, `due` from `begun`, which is the
 * time of day; status is the answer's, or "lost" (taken, and closed without an answer), "refused", "unanswered", "left";
 * right: of a 200, whether it is the known answer; of a 503 or 429, whether it says when to try again; lagP99: how much
 * later than due the load itself came.
 */
export async function openLoop(job, most = job.kept ?? mostSockets(job.addresses)) {
  const calls = JSON.parse(readFileSync(job.calls, "utf8")).map(({ body, right }) => ({
    bytes: requestBytes(job, body),
    right,
  }));
  const pool = connectionPool(new URL(job.url), most, job.addresses);
  if (job.kept !== undefined) await pool.openAll();
  const found = await arrivals(job, calls, pool);
  pool.close();
  return found;
}

export function requestBytes({ url, headers = {} }, body) {
  const { host, pathname, search } = new URL(url);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n${more.join("")}`;
  return Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

async function arrivals(job, calls, pool) {
  const dues = dueTimes(job.phases);
  const [total, isKept] = [dues.length, job.kept !== undefined];
  const [samples, lags] = [[], []];
  const begun = performance.now();
  const since = (due) => performance.now() - begun - due;
  let sent = 0;
  const sendDue = () => {
    for (const now = performance.now(); sent < total; sent += 1) {
      const due = dues[sent];
      if (begun + due > now || performance.now() > now + TURN_MS) return;
      const late = () => lags.push(since(due));
      if (isKept) late();
      askOnce(job, pool, calls[sent % calls.length], {
        index: sent,
        onSent: isKept ? nothing : late,
        settle: (status, right) => samples.push([due, since(due), status, right]),
      });
    }
  };
  const last = begun + dues.at(-1) + (job.patienceMs ?? PATIENCE_MS) + 500;
  while (samples.length < total && performance.now() < last) {
    sendDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (let i = samples.length; i < total; i += 1) samples.push([dues.at(-1), PATIENCE_MS, "unanswered", false]);
  for (let i = lags.length; i < total; i += 1) lags.push(since(dues.at(-1))); // had no socket, or never came up
  lags.sort((a, b) => a - b);
  return { begun: performance.timeOrigin + begun, samples, lagP99: lags[Math.floor(lags.length * 0.99)] ?? NaN };
}

/** Milliseconds from the beginning, of every request. */
function dueTimes(phases) {
  let from = 0;
  return phases.flatMap(({ rate, seconds }) => {
    const dues = Array.from({ length: Math.round(rate * seconds) }, (_, i) => from + (i * 1000) / rate);
    from += seconds * 1000;
    return dues;
  });
}

/** Somebody who asks once, and hangs up when patience is over, whether a connection was to be had by then or not. */
function askOnce(job, pool, { bytes, right }, { index, onSent, settle }) {
  const { leaveAfterMs, leaveShare = 0, patienceMs = PATIENCE_MS, wire } = job;
  const leaves = leaveAfterMs !== undefined && (index * 0.618034) % 1 < leaveShare; // spread evenly, the same in every run
  let used;
  const caller = { hasLeft: false, use };
  const leave = () => {
    caller.hasLeft = true;
    used?.leave();
    settle(leaves ? "left" : "unanswered", false);
  };
  const patience = setTimeout(leave, leaves ? leaveAfterMs : patienceMs);
  pool.take(caller);

  function use(connection) {
    used = connection;
    onSent();
    connection.send(bytes, (answer) => {
      clearTimeout(patience);
      settle(answer.status, isAsAgreed(answer, right, wire));
      pool.giveBack(connection);
    });
  }
}

function isAsAgreed({ status, head, body }, right, wire) {
  if (status === 200) return right === undefined || saysTheSame(body.toString(), right, wire);
  return (status === 503 || status === 429) && /\r\nretry-after: *\d/i.test(head);
}
