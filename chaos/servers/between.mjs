// Stands between the API and a sidecar: hears every call, and can answer it in the sidecar's place.
import { once } from "node:events";
import { createServer, request } from "node:http";

const HEADER_LENGTH = "inference-header-content-length";
const KEPT_MS = 75_000;

/** What the API asks of its own accord: whether the sidecar is well, and what it serves. */
const isOwnAsking = ({ method, url }) =>
  method === "GET" && /^\/v2(\/health\/[a-z]+|\/models\/[\w-]+(\/ready)?)?$/.test(url);

/**
 * @returns {url, calls: what was asked to be predicted, as {at, header, tensors}, others: whatever else was asked but what the API
 * asks of its own accord, as texts, answerWith(how), stop}. `how` is called with
 * {response, honest: () => Promise of the sidecar's own {status, headers, header, tensors}} for each call; undefined: honest.
 */
export async function standBetween(target) {
  const [calls, others] = [[], []];
  let how;
  const server = createServer({ keepAliveTimeout: KEPT_MS }, (asked, response) => {
    void read(asked).then((body) => {
      const honest = () => forward(target, asked, body);
      const at = Number(asked.headers[HEADER_LENGTH]);
      const isCall = asked.url.endsWith("/infer") && at <= body.length;
      if (!isCall && !isOwnAsking(asked)) others.push(`${asked.method} ${asked.url}`);
      if (!isCall) return passOn(response, honest);
      calls.push({ at: performance.now(), header: JSON.parse(body.subarray(0, at)), tensors: body.subarray(at) });
      return how === undefined ? passOn(response, honest) : how({ response, honest });
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, calls, others, stop, answerWith: (next) => (how = next) };
}

async function passOn(response, honest) {
  try {
    const { status, headers, data } = await honest();
    response.writeHead(status, headers).end(data);
  } catch {
    response.destroy();
  }
}

async function forward(target, { method, url, headers }, body) {
  const reply = await new Promise((resolve, reject) => {
    const sent = request(target + url, { method, headers, agent: false }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
  const data = await read(reply);
  const at = Number(reply.headers[HEADER_LENGTH]);
  const kept = without(reply.headers, "connection", "keep-alive");
  const tensors = at > 0 ? { header: JSON.parse(data.subarray(0, at)), tensors: data.subarray(at) } : {};
  return { status: reply.statusCode, headers: kept, data, ...tensors };
}

/** What concerns one connection is not handed on to another. */
export const without = (headers, ...names) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A reply of these parts, its lengths as they are. */
export function replyWith(response, header, tensors, more = {}) {
  const head = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = { "content-length": head.length + tensors.length, [HEADER_LENGTH]: head.length };
  response.writeHead(200, { "content-type": "application/octet-stream", ...length, ...more });
  response.end(Buffer.concat([head, tensors]));
}
