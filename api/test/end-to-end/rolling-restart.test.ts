import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { ask } from "../../src/check/ask";
import { knownCalls, startLoad } from "../load";
import { type Listening, pause, startReady } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

const PER_SECOND = 40;
const LOOK_EVERY_MS = 200;

interface Backend {
  readonly url: string;
  ready: boolean;
}

interface Balancer {
  readonly url: string;
  readonly backends: Map<string, Backend>;
  /** Every answer but 200, as it was. */
  readonly problems: readonly string[];
  readonly stop: () => void;
}

/** What stands before several APIs: asks each whether it is ready, sends calls to those that are in turn, and sends none twice. */
async function startBalancer(): Promise<Balancer> {
  const problems: string[] = [];
  const backends = new Map<string, Backend>();
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const look = setInterval(() => {
    for (const backend of backends.values())
      void ask(`${backend.url}/readyz`).then(
        ({ status }) => (backend.ready = status === 200),
        () => (backend.ready = false),
      );
  }, LOOK_EVERY_MS);
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const ready = [...backends.values()].filter((backend) => backend.ready);
    const { url } = ready[(turn += 1) % ready.length] ?? { url: "" };
    const { method = "GET", headers } = incoming;
    const upstream = request(`${url}${incoming.url ?? ""}`, { method, headers, agent }, (answer) => {
      const { connection: _, ...kept } = answer.headers;
      if (answer.statusCode !== 200) answer.on("data", (piece: Buffer) => problems.push(piece.toString()));
      answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, kept));
    });
    upstream.on("error", (error) => {
      problems.push(error.message);
      outgoing.writeHead(502).end(error.message);
    });
    incoming.pipe(upstream);
  };
  const server = createServer(pass).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = (): void => {
    clearInterval(look);
    server.closeAllConnections();
    server.close();
    agent.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, backends, problems, stop };
}

it("two APIs behind a balancer are restarted one after the other: no call is lost or finds nobody there, and every answer is right", async () => {
  const start = (): Promise<Listening> => startReady({ models: ["classification"] });
  const apis = new Map([
    ["one", await start()],
    ["two", await start()],
  ]);
  const balancer = await startBalancer();
  try {
    for (const [name, { url }] of apis) balancer.backends.set(name, { url, ready: true });
    const path = "/models/classification/predictions";
    const calls = await knownCalls(balancer.url + path, syntheticRows("classification", 30, 9));
    const load = startLoad(balancer.url + path, calls, PER_SECOND);
    await pause(500);
    for (const name of ["one", "two"]) {
      apis.get(name)?.kill("SIGTERM");
      expect(await apis.get(name)?.ended).toEqual({ code: 0, signal: null });
      const next = await start();
      apis.set(name, next);
      balancer.backends.set(name, { url: next.url, ready: false });
      await pause(3 * LOOK_EVERY_MS);
    }
    const { right, wrong, lost, notAccepted } = await load.stop();
    expect({ wrong, lost, notAccepted }).toEqual({ wrong: 0, lost: [], notAccepted: 0 });
    // a machine that is busy with other tests may well be too slow for the load, and says so at once
    expect(balancer.problems.filter((problem) => !problem.includes("urn:picklepod:problem:overloaded"))).toEqual([]);
    expect(right).toBeGreaterThan(PER_SECOND * 3);
  } finally {
    balancer.stop();
    await Promise.all([...apis.values()].map((api) => api.stop()));
  }
});

it("ready turns first: for a second after SIGTERM the port still answers, and says that the connection ends", async () => {
  const api = await startReady({ models: ["classification"] });
  const agent = new Agent({ keepAlive: true });
  try {
    const [row = ""] = syntheticRows("classification", 1, 9);
    const url = `${api.url}/models/classification/predictions`;
    await ask(url, { body: row, agent });
    api.kill("SIGTERM");
    await pause(100);
    const ready = await ask(`${api.url}/readyz`, { agent: new Agent() });
    const answer = await ask(url, { body: row, agent });
    expect([ready.status, answer.status, answer.headers.connection]).toEqual([503, 200, "close"]);
    expect(await api.ended).toEqual({ code: 0, signal: null });
  } finally {
    agent.destroy();
    await api.stop();
  }
});
