// So many clients, each of which asks again when it has its answer.
import http from "node:http";

import autocannon from "autocannon";

import { readFewRows } from "../servers/rows.mjs";
import { wireFormats } from "../servers/wire-formats.mjs";
import { withClientCpu } from "./client-cpu.mjs";
import { percentiles } from "./percentiles.mjs";
import { post } from "./post.mjs";

/** autocannon keeps a copy of every request for every connection. */
const bodiesFor = (connections) => Math.max(8, Math.min(512, Math.floor(8192 / connections)));

/** `closes`: the server closes the connection with every answer, which autocannon takes for a stall. */
export async function closedLoop({ url, wire, connections, seconds, warmSeconds, closes = false }) {
  const rows = readFewRows().slice(0, bodiesFor(connections));
  const bodies = rows.map((row) => Buffer.from(wireFormats[wire].encode(row)));
  const from = performance.now() + warmSeconds * 1000;
  const counted = counter(from, from + seconds * 1000);
  const load = { url, bodies, connections, seconds: seconds + warmSeconds, answered: counted.answered };
  return withClientCpu(async () => {
    const failed = await (closes ? plainLoops(load) : autocannonLoops(load));
    return { perSecond: counted.perSecond(), ...percentiles(counted.times), failed };
  });
}

/** Of what is answered between two times. */
function counter(from, to) {
  const times = [];
  return {
    times,
    answered: (ms) => {
      const now = performance.now();
      if (now >= from && now < to) times.push(ms);
    },
    perSecond: () => {
      if (times.length === 0) throw new Error(`no answer within ${((to - from) / 1000).toFixed(1)} s`);
      return (times.length * 1000) / (Math.min(to, performance.now()) - from);
    },
  };
}

/** autocannon, with exact times (its own are whole milliseconds). */
function autocannonLoops({ url, bodies, connections, seconds, answered }) {
  const requests = bodies.map((body) => ({ method: "POST", headers: { "content-type": "application/json" }, body }));
  const load = autocannon({ url, connections, requests, duration: seconds, timeout: 60 });
  load.on("response", (_client, status, _bytes, ms) => {
    if (status === 200) answered(ms);
  });
  return new Promise((resolve, reject) => {
    load.on("error", reject);
    load.on("done", ({ non2xx, errors }) => resolve(non2xx + errors));
  });
}

async function plainLoops({ url, bodies, connections, seconds, answered }) {
  const agent = new http.Agent({ keepAlive: false });
  const until = performance.now() + seconds * 1000;
  let failed = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, client) => {
      for (let asked = client; performance.now() < until; asked += 1) {
        const begun = performance.now();
        await post(agent, url, bodies[asked % bodies.length]).then(
          () => answered(performance.now() - begun),
          () => (failed += 1),
        );
      }
    }),
  );
  return failed;
}
