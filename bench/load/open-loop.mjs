// Requests that arrive at a constant rate, whether or not earlier ones have been answered. A request's time runs from when it was
// due, so that a server which stalls is charged for everybody who would have come meanwhile.
import http from "node:http";

import { readFewRows } from "../servers/rows.mjs";
import { wireFormats } from "../servers/wire-formats.mjs";
import { withClientCpu } from "./client-cpu.mjs";
import { percentiles } from "./percentiles.mjs";

const SOCKETS = 128;
const WARM_MS = 500;
/** What is still unanswered then counts as this late. */
const PATIENCE_MS = 2_000;

export async function openLoop({ url, wire, rate, seconds }) {
  const bodies = readFewRows().map((row) => Buffer.from(wireFormats[wire].encode(row)));
  const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS, scheduling: "fifo" });
  const found = await withClientCpu(() => arrivals({ url, agent, bodies, rate, seconds }));
  agent.destroy();
  return found;
}

async function arrivals({ url, agent, bodies, rate, seconds }) {
  const [times, lags] = [[], []];
  const total = Math.round(rate * (seconds + WARM_MS / 1000));
  const begun = performance.now();
  let [sent, ended, failed] = [0, 0, 0];
  const settle = (due, ok) => {
    ended += 1;
    if (!ok) failed += 1;
    if (due - begun >= WARM_MS) times.push(performance.now() - due);
  };
  const sendDue = () => {
    for (; sent < total; sent += 1) {
      const due = begun + (sent * 1000) / rate;
      const now = performance.now();
      if (due > now) return;
      if (due - begun >= WARM_MS) lags.push(now - due);
      send(url, agent, bodies[sent % bodies.length], (ok) => settle(due, ok));
    }
  };
  const lastDue = begun + (total * 1000) / rate;
  while (ended < total && performance.now() < lastDue + PATIENCE_MS) {
    sendDue();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const unanswered = total - ended;
  for (let i = 0; i < unanswered; i += 1) times.push(PATIENCE_MS);
  return { rate, ...percentiles(times), failed, unanswered, generatorLagP99: percentiles(lags).p99 };
}

function send(url, agent, body, settle) {
  const headers = { "content-type": "application/json", "content-length": body.length };
  const request = http.request(url, { method: "POST", agent, headers }, (response) => {
    response.resume();
    response.on("end", () => settle(response.statusCode === 200));
    response.on("error", () => settle(false));
  });
  request.on("error", () => settle(false));
  request.end(body);
}
