import { request } from "node:http";

const PATIENCE_MS = 10_000;

/** One request on a connection of its own: {status, headers, text, ms}; status is "none" where no whole answer came. */
export function ask(url, { method, body, headers = {}, agent = false, patienceMs = PATIENCE_MS } = {}) {
  const begun = performance.now();
  return new Promise((resolve) => {
    const settle = (answer) => {
      clearTimeout(timer);
      resolve({ headers: {}, text: "", ...answer, ms: performance.now() - begun });
    };
    const type =
      body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const options = {
      method: method ?? (body === undefined ? "GET" : "POST"),
      agent,
      headers: { ...type, ...headers },
    };
    const sent = request(url, options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", (error) => settle({ status: "none", error: error.message }));
      response.on("end", () =>
        settle({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    const timer = setTimeout(() => sent.destroy(new Error("no answer")), patienceMs);
    sent.on("error", (error) => settle({ status: "none", error: error.message }));
    sent.end(body);
  });
}

const WARM_REQUESTS = 500;

/** What a process takes once it works: memory is compared with that. */
export async function warm(url, body) {
  for (let i = 0; i < WARM_REQUESTS; i += 1) await ask(url, { body });
}
