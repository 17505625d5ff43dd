// A balancer as there are many: asks each server whether it is ready, and passes a request to one that is. It tries another only
// where no connection could be had.
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";

import { ask } from "./ask.mjs";
import { without } from "./between.mjs";

const LOOK_EVERY_MS = 100;

/** servers: URLs, a list that may change. @returns {url, stop} */
export async function balance(servers) {
  const agent = new Agent({ keepAlive: true, timeout: 4_000 });
  const ready = new Set();
  let next = 0;
  const look = () => {
    for (const url of servers) {
      void ask(`${url}/readyz`, { patienceMs: 1_000 }).then(({ status }) =>
        ready[status === 200 ? "add" : "delete"](url),
      );
    }
  };
  look();
  const looking = setInterval(look, LOOK_EVERY_MS);
  const server = createServer(async (asked, response) => {
    const chunks = [];
    for await (const chunk of asked) chunks.push(chunk);
    const turns = [...ready];
    const order = turns.map((_, i) => turns[(next + i) % turns.length]);
    next += 1;
    passOn(order, agent, asked, Buffer.concat(chunks), response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const stop = () => {
    clearInterval(looking);
    agent.destroy();
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, ready, stop };
}

function passOn([target, ...others], agent, asked, body, response) {
  if (target === undefined) return void response.writeHead(502, { "content-length": 0 }).end();
  const { method, url, headers } = asked;
  const kept = without(headers, "connection");
  const sent = request(target + url, { method, headers: kept, agent }, (answer) => {
    const chunks = [];
    answer.on("data", (chunk) => chunks.push(chunk));
    answer.on("error", () => response.writeHead(502, { "content-length": 0 }).end());
    answer.on("end", () => {
      const data = Buffer.concat(chunks);
      const type = { "content-type": answer.headers["content-type"], "content-length": data.length };
      response.writeHead(answer.statusCode, type).end(data);
    });
  });
  sent.on("error", (error) => {
    if (error.code === "ECONNREFUSED") passOn(others, agent, asked, body, response);
    else if (!response.headersSent) response.writeHead(502, { "content-length": 0 }).end();
  });
  sent.end(body);
}
