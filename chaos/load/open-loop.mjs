// Requests that arrive at a constant rate, whatever becomes of the ones before. A request's time runs from when it was due: a
// server that stalls is charged for everybody who would have come meanwhile.
import { readFileSync } from "node:fs";

import { LeanConnection } from "./lean-connection.mjs";
import { mostSockets } from "./most-sockets.mjs";

/** What has no answer then has none: far beyond every deadline. */
const PATIENCE_MS = 5_000;

/**
 * @param job {url, calls: a file of [{body, right?}], phases: [{rate, seconds}, …], leaveAfterMs?, leaveShare?, patienceMs?,
 * headers?}
 * @returns {begun, samples: [[due, ms, status, right], …], lagP99}: times in milliseconds, `due` from `begun`, which is the
 * time of day; status is the answer's, or "lost" (taken, and closed without an answer), "refused", "unanswered", "left";
 * right: of a 200, whether it is the known answer; of a 503 or 429, whether it says when to try again.
 */
export async function openLoop(job) {
  const calls = JSON.parse(readFileSync(job.calls, "utf8")).map(({ body, right }) => ({
    bytes: requestBytes(job, body),
    right,
  }));
  const pool = connectionPool(new URL(job.url), mostSockets());
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
  const total = dues.length;
  const [samples, lags] = [[], []];
  const begun = performance.now();
  let sent = 0;
  const sendDue = () => {
    for (const now = performance.now(); sent < total; sent += 1) {
      const due = dues[sent];
      if (begun + due > now) return;
      const onSent = () => lags.push(performance.now() - begun - due);
      sendOne(job, pool, calls[sent % calls.length], { index: sent, onSent }, (status, right) =>
        samples.push([due, performance.now() - begun - due, status, right]),
      );
    }
  };
  const last = begun + dues.at(-1) + (job.patienceMs ?? PATIENCE_MS) + 500;
  while (samples.length < total && performance.now() < last) {
    sendDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (let i = samples.length; i < total; i += 1) samples.push([dues.at(-1), PATIENCE_MS, "unanswered", false]);
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

function sendOne(
  { leaveAfterMs, leaveShare = 0, patienceMs = PATIENCE_MS },
  pool,
  { bytes, right },
  { index, onSent },
  settle,
) {
  const leaves = leaveAfterMs !== undefined && (index * 0.618034) % 1 < leaveShare; // spread evenly, the same in every run
  pool.take((connection) => {
    onSent();
    const patience = setTimeout(
      () => {
        connection.leave();
        settle(leaves ? "left" : "unanswered", false);
      },
      leaves ? leaveAfterMs : patienceMs,
    );
    connection.send(bytes, (answer) => {
      clearTimeout(patience);
      settle(answer.status, isAsAgreed(answer, right));
      pool.giveBack(connection);
    });
  });
}

function isAsAgreed({ status, head, body }, right) {
  if (status === 200) return right === undefined || right === body.toString();
  return (status === 503 || status === 429) && /\r\nretry-after: *\d/i.test(head);
}

/**
 * Kept connections, the latest used first, so that few stay open. Who finds none free opens one, as a client of its own would: where
 * there are only so many, all others wait in the load's process, and the server is asked by a closed loop.
 */
function connectionPool({ hostname: host, port }, most) {
  const [free, waiting] = [[], []];
  let open = 0;
  const closed = () => {
    open -= 1;
    const next = waiting.shift();
    if (next) take(next);
  };
  function take(use) {
    for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
      if (connection.isOpen) return use(connection);
    }
    if (open >= most) return void waiting.push(use);
    open += 1;
    use(new LeanConnection({ host, port: Number(port) }, closed));
  }
  function giveBack(connection) {
    if (!connection.isOpen) return;
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  }
  return { take, giveBack, close: () => free.forEach((connection) => connection.leave()) };
}
