// One request to its end, or given up on the way.
import http from "node:http";

const PATIENCE_MS = 60_000;

/** {status, headers, trailers, body, isWhole}. `parts` are sent one after the other; `headers` say what they are. */
export function call({ url, agent, method = "POST", headers = {}, parts = [] }) {
  return new Promise((resolve, reject) => {
    const length = parts.length === 1 ? { "content-length": parts[0].length } : {}; // several go in chunks
    const options = { method, agent, headers: { ...length, ...headers } };
    const begun = performance.now();
    let isAnswered = false;
    const request = http.request(url, options, (response) => {
      isAnswered = true;
      void whole(response).then(resolve);
    });
    // Who refuses a body may close before all of it was sent; the answer has come nevertheless.
    request.on("error", (error) => (isAnswered ? undefined : reject(new Error(lost(error, request, begun)))));
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`nothing came for ${PATIENCE_MS / 1000} s`)));
    void send(request, parts).then((isSent) => isSent && request.end());
  });
}

function lost({ message }, { reusedSocket }, begun) {
  const ms = (performance.now() - begun).toFixed(0);
  return `${message}, ${ms} ms after the call began, on a ${reusedSocket ? "kept" : "new"} connection`;
}

/** What came of an answer, also where it was cut off. */
function whole(response) {
  const { statusCode: status, headers } = response;
  const bytes = [];
  return new Promise((resolve) => {
    const settle = (isWhole) =>
      resolve({ status, headers, trailers: response.trailers, body: Buffer.concat(bytes), isWhole });
    response.on("data", (part) => bytes.push(part));
    response.on("error", () => settle(false));
    response.on("end", () => settle(true));
  });
}

/** The connection is cut `afterMs` after the request began, whatever has come by then. */
export function leave({ url, headers, parts, afterMs, method = "POST" }) {
  return new Promise((resolve) => {
    const request = http.request(url, { method, headers, agent: false }, (response) => {
      response.on("error", () => undefined).resume();
    });
    request.on("error", () => undefined);
    request.on("close", resolve);
    setTimeout(() => request.destroy(), afterMs);
    void send(request, parts).then((isSent) => isSent && request.end());
  });
}

/** Whether all was taken. */
async function send(request, parts) {
  for (const part of parts) {
    if (request.destroyed) return false;
    if (request.write(part)) continue;
    await new Promise((resolve) => {
      const go = () => {
        request.off("drain", go).off("close", go);
        resolve();
      };
      request.on("drain", go).on("close", go);
    });
  }
  return !request.destroyed;
}
