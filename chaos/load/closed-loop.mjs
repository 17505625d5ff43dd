// Clients that ask again as soon as they are answered: they find the peak that the open loop's rates are multiples of.
import { readFileSync } from "node:fs";

import { LeanConnection } from "./lean-connection.mjs";
import { requestBytes } from "./open-loop.mjs";

/** @returns {perSecond}: of answers with 200, after a first part that warms */
export async function closedLoop({ url, calls: file, clients, seconds, warmSeconds = 0.5 }) {
  const calls = JSON.parse(readFileSync(file, "utf8")).map(({ body }) => requestBytes({ url }, body));
  const { hostname: host, port } = new URL(url);
  const counts = { good: 0, others: 0 };
  const running = new Set();
  let next = 0;
  const ask = (connection) =>
    connection.send(calls[next++ % calls.length], ({ status }) => {
      counts[status === 200 ? "good" : "others"] += 1;
      if (connection.isOpen) ask(connection);
    });
  for (let i = 0; i < clients; i += 1) {
    const connection = new LeanConnection({ host, port: Number(port) }, () => running.delete(connection));
    running.add(connection);
    ask(connection);
  }
  await new Promise((resolve) => setTimeout(resolve, warmSeconds * 1000));
  const [before, begun] = [counts.good, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const perSecond = ((counts.good - before) * 1000) / (performance.now() - begun);
  for (const connection of running) connection.leave();
  return { perSecond, others: counts.others };
}
