// One streaming call of many rows: a written chunk again and again, as fast as the server takes it.
import { readFileSync } from "node:fs";
import http from "node:http";

import { withClientCpu } from "./client-cpu.mjs";

const PIECE = 256 * 1024;
const LAST_BYTES = 1_000;

/**
 * `head`, `chunk` and `tail` are files; the chunk is sent `chunks` times. The answer is counted and forgotten, but for its
 * end, which tells what went wrong; `keep` keeps it whole.
 */
export async function streamCall({ url, mediaType, head, chunk, tail, chunks, keep = false }) {
  const [first, again, last] = [head, chunk, tail].map((file) => (file ? readFileSync(file) : Buffer.alloc(0)));
  return withClientCpu(async () => {
    const begun = performance.now();
    const answer = await call(url, mediaType, keep, function* () {
      yield first;
      for (let i = 0; i < chunks; i += 1) yield again;
      yield last;
    });
    return { seconds: (performance.now() - begun) / 1000, ...answer };
  });
}

function call(url, mediaType, keep, parts) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": mediaType, accept: mediaType };
    const request = http.request(url, { method: "POST", headers }, (response) => {
      let [bytes, kept] = [0, Buffer.alloc(0)];
      response.on("data", (part) => {
        bytes += part.length;
        kept = Buffer.concat([kept, part]).subarray(keep ? 0 : -LAST_BYTES);
      });
      response.on("error", reject);
      response.on("end", () => {
        const summary = response.trailers["picklepod-summary"];
        const body = keep ? { body: kept.toString("base64") } : { end: kept.toString("latin1") };
        resolve({ status: response.statusCode, bytes, summary, ...body });
      });
    });
    let answered = false;
    request.on("response", () => (answered = true));
    // A server that refuses may close before it has read the body.
    request.on("error", (error) => (answered ? undefined : reject(error)));
    void send(request, parts);
  });
}

async function send(request, parts) {
  for (const part of parts()) {
    for (let at = 0; at < part.length; at += PIECE) {
      if (request.destroyed) return;
      if (request.write(part.subarray(at, at + PIECE))) continue;
      await new Promise((resolve) => {
        const go = () => {
          request.off("drain", go).off("close", go);
          resolve();
        };
        request.on("drain", go).on("close", go);
      });
    }
  }
  request.end();
}
