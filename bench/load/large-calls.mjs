// Calls of many rows, one after the other.
import http from "node:http";

import { readRows } from "../servers/rows.mjs";
import { wireFormats } from "../servers/wire-formats.mjs";
import { withClientCpu } from "./client-cpu.mjs";
import { post } from "./post.mjs";

/** Seconds of each call. Either `calls` of them, or as many as begin within `seconds`. */
export async function largeCalls({ url, wire, rows, calls = Infinity, seconds = Infinity }) {
  const all = readRows();
  const asked = Array.from({ length: rows }, (_, i) => all[i % all.length]);
  const body = Buffer.from(wireFormats[wire].encode(rows === 1 ? asked[0] : asked));
  const agent = new http.Agent({ keepAlive: true });
  return withClientCpu(async () => {
    const times = [];
    const until = performance.now() + seconds * 1000;
    while (times.length < calls && performance.now() < until) {
      const begun = performance.now();
      const answer = await post(agent, url, body);
      times.push((performance.now() - begun) / 1000);
      if (times.length === 1) complete(wireFormats[wire].decode(JSON.parse(answer)), rows);
    }
    agent.destroy();
    return { times };
  });
}

function complete(answers, rows) {
  if (answers.length !== rows) throw new Error(`answered ${answers.length} of ${rows} rows`);
}
