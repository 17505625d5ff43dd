import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

import express from "express";

import type { Model } from "../predict/model";
import { Problem } from "../problems";
import { type PassthroughOptions, v2Passthrough } from "./v2-passthrough";
import { type TurnLimits, turnLimits } from "./v2-passthrough-turns";

const model = { bundle: { name: "a" }, availability: { state: "ready" } } as Model;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error("it never was so");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Started {
  /** What the sidecar was asked. */
  readonly asked: string[];
  /** Connections of callers, and those to the sidecar. */
  readonly open: Set<Socket>;
  readonly toSidecar: Set<Socket>;
  readonly refused: string[];
  /** Sends the head of a request, with what is to follow it. */
  readonly call: (line: string, rest?: string) => Call;
  readonly calls: (count: number, line: string) => Call[];
}
interface Call {
  readonly socket: Socket;
  readonly said: () => string;
}

async function start({
  limits,
  answer,
  ...more
}: Partial<PassthroughOptions> & { limits?: Partial<TurnLimits>; answer?: RequestListener } = {}): Promise<Started> {
  const [asked, refused]: [string[], string[]] = [[], []];
  const [open, toSidecar] = [new Set<Socket>(), new Set<Socket>()];
  const countedIn = (sockets: Set<Socket>) => (socket: Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
  };
  const sidecar = await portOf(
    createServer((request, response) => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      answer?.(request, response);
    }).on("connection", countedIn(toSidecar)),
  );
  const passthrough = v2Passthrough(
    {
      ...{ defaultModel: model, find: () => model, urlOf: () => `http://127.0.0.1:${sidecar}` },
      ...{ inference: true, token: undefined, bodyBytes: 1_000_000, door: undefined },
      onRefused: ({ problemName }: Problem, { req }) => refused.push(`${req.url ?? ""} ${problemName}`),
      ...more,
    },
    { ...turnLimits, ...limits },
  );
  const server = createServer(express().all("/v2{/*path}", passthrough)).on("connection", countedIn(open));
  const port = await portOf(server);
  const call = (line: string, rest = "content-length: 0\r\n\r\n"): Call => {
    let said = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`${line} HTTP/1.1\r\nhost: x\r\n${rest}`));
    socket.on("error", () => undefined).on("data", (piece: Buffer) => (said += piece.toString()));
    return { socket, said: () => said };
  };
  const calls = (count: number, line: string): Call[] => Array.from({ length: count }, () => call(line));
  return { asked, open, toSidecar, refused, call, calls };
}

jest.setTimeout(30_000); // of a machine that does other things

const LIVE = "GET /v2/health/live";
const retryAfterOf = ({ said }: Call): number => Number(/retry-after: (\d+)/i.exec(said())?.[1]);
const bodyOf = (said: string): unknown => JSON.parse(said.slice(said.indexOf("\r\n\r\n")));

describe("a sidecar that takes calls and never answers", () => {
  it("is asked by few at once, and not for those who have gone", async () => {
    const { asked, open, call, calls, refused } = await start();
    const first = calls(4, LIVE);
    await until(() => asked.length === 4);
    const waiting = calls(20, "GET /v2/health/ready");
    await until(() => open.size === 24);
    const infer = call("POST /v2/models/a/infer"); // which waits for nobody who asks for the health
    await until(() => asked.length === 5);
    for (const { socket } of waiting) socket.destroy();
    await until(() => open.size === 5);
    for (const { socket } of first) socket.destroy();
    const last = call("GET /v2");
    await until(() => asked.length === 6);
    expect(asked).toEqual([...Array<string>(4).fill(LIVE), "POST /v2/models/a/infer", "GET /v2"]);
    expect(refused).toEqual([]);
    for (const { socket } of [infer, last]) socket.destroy();
  });

  it("costs nobody more than the time there is, however many were there before", async () => {
    const { asked, refused, calls } = await start({ limits: { atOnce: 2, waiting: 20, withinMs: 500 } });
    const began = performance.now();
    const all = [...calls(10, LIVE), ...calls(10, "POST /v2/models/a/infer")];
    await until(() => all.every(({ said }) => said().endsWith("}")));
    expect(performance.now() - began).toBeLessThan(3_000);
    for (const { said } of all) {
      expect(said()).toMatch(/^HTTP\/1\.1 503 [^]*\r\nretry-after: [12]\r\n/i);
      expect(bodyOf(said())).toEqual({ error: "The sidecar does not answer. Try again in a second." });
    }
    const told = new Set(all.map(({ said }) => /retry-after: (\d)/i.exec(said())?.[1]));
    expect(told).toEqual(new Set(["1", "2"])); // not all at once: one chance in half a million to be told the same
    expect([refused.length, new Set(refused)]).toEqual([
      20,
      new Set(["/v2/health/live unavailable", "/v2/models/a/infer unavailable"]),
    ]);
    calls(2, "GET /v2"); // every place is free again
    await until(() => asked.filter((line) => line === "GET /v2").length === 2);
  });

  it("is not asked any longer by a call whose time is over, late as it began", async () => {
    const { call, asked, toSidecar } = await start({ limits: { atOnce: 1, waiting: 1, withinMs: 1_000 } });
    const first = call(LIVE);
    await until(() => asked.length === 1);
    const second = call(LIVE);
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 700));
    first.socket.destroy();
    await until(() => second.said().endsWith("}") && toSidecar.size === 0);
    expect([asked.length, performance.now() - began < 1_500]).toEqual([2, true]);
  });

  it("lets no more than so many wait: the next is told at once, until one of them goes", async () => {
    const { asked, open, refused, call, calls } = await start({ limits: { atOnce: 1, waiting: 2, withinMs: 60_000 } });
    call(LIVE);
    await until(() => asked.length === 1);
    const waiting = calls(2, LIVE);
    await until(() => open.size === 3);
    const one = call(LIVE);
    await until(() => one.said().endsWith("}"));
    expect(one.said()).toMatch(/^HTTP\/1\.1 503 [^]*\r\nretry-after: \d+\r\n/i);
    expect(bodyOf(one.said())).toEqual({
      error: `2 calls wait for this sidecar already. Try again in ${retryAfterOf(one)} s.`,
    });
    expect(refused).toEqual(["/v2/health/live overloaded"]);
    for (const { socket } of [one, ...waiting.slice(1)]) socket.destroy();
    await until(() => open.size === 2);
    const next = call(LIVE);
    await until(() => open.size === 3);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(next.said()).toBe("");
  });

  it("tells those beyond that a time that grows with how many they are", async () => {
    const { asked, open, calls } = await start({ limits: { atOnce: 1, waiting: 1, withinMs: 60_000 } });
    calls(1, LIVE);
    await until(() => asked.length === 1);
    calls(1, LIVE);
    await until(() => open.size === 2);
    const refused = calls(20, LIVE);
    await until(() => refused.every(({ said }) => said().endsWith("}")));
    const told = refused.map(retryAfterOf);
    expect(Math.min(...told)).toBeLessThanOrEqual(4); // of the first: three came, and two were taken
    expect(Math.max(...told)).toBeGreaterThanOrEqual(10); // of the last: twenty-two
  });

  it("keeps nobody from another sidecar", async () => {
    const other = { bundle: { name: "b" }, availability: model.availability } as Model;
    const well = await portOf(createServer((_request, response) => response.end("well")));
    const frozen = await portOf(createServer(() => undefined));
    const { call, calls, open } = await start({
      limits: { atOnce: 1, waiting: 2, withinMs: 60_000 },
      find: (name) => (name === "b" ? other : model),
      urlOf: (of) => `http://127.0.0.1:${of === other ? well : frozen}`,
    });
    calls(3, "GET /v2/models/a");
    await until(() => open.size === 3);
    const one = call("GET /v2/models/b");
    await until(() => one.said().endsWith("well"));
  });
});

it("those who wait are passed on as they came, when there is room", async () => {
  const answers: (() => void)[] = [];
  const { asked, call } = await start({
    limits: { atOnce: 1, waiting: 9, withinMs: 60_000 },
    answer: (_request, response) => answers.push(() => response.end("well")),
  });
  const all: Call[] = [];
  for (const [i, path] of ["/v2", "/v2/health/ready", "/v2/models/a/ready"].entries()) {
    all.push(call(`GET ${path}`));
    if (i === 0) await until(() => asked.length === 1);
    else await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (let i = 0; i < 3; i += 1) {
    await until(() => asked.length === i + 1);
    answers[i]?.();
    await until(() => all[i]?.said().includes("well") === true);
  }
  expect(asked).toEqual(["GET /v2", "GET /v2/health/ready", "GET /v2/models/a/ready"]);
});

it("an answer that waits behind another of its connection keeps nobody waiting", async () => {
  const { asked, call } = await start({
    limits: { atOnce: 1, waiting: 9, withinMs: 60_000 },
    answer: ({ method }, response) => method === "GET" && response.end("well"),
  });
  call("POST /v2/models/a/infer", `content-length: 0\r\n\r\n${LIVE} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await until(() => asked.length === 2);
  const other = call(LIVE);
  await until(() => other.said().endsWith("well"));
});

it("the time in which a body comes is not the sidecar's", async () => {
  const { call } = await start({
    limits: { atOnce: 1, waiting: 1, withinMs: 400 },
    answer: (request, response) => request.on("end", () => response.end("well")).resume(),
  });
  const one = call("POST /v2/models/a/infer", "content-length: 8\r\n\r\n");
  for (let i = 0; i < 8; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    one.socket.write("x");
  }
  await until(() => one.said().endsWith("well"));
});

it("bodies that come slowly take no place from one that is there", async () => {
  const { asked, call } = await start({
    limits: { atOnce: 2, withinMs: 1_000 },
    answer: (request, response) =>
      request.pipe(response.setHeader("content-length", request.headers["content-length"] ?? 0)),
  });
  const slow = Array.from({ length: 4 }, () => call("POST /v2/models/a/infer", "content-length: 100\r\n\r\n"));
  const dripping = setInterval(() => {
    for (const { socket } of slow) socket.write("x");
  }, 50);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const honest = call("POST /v2/models/a/infer", "content-length: 6\r\n\r\nhonest");
  await until(() => /honest$|}$/.test(honest.said()));
  clearInterval(dripping);
  expect(honest.said()).toMatch(/^HTTP\/1\.1 200 [^]*honest$/);
  expect([asked.length, ...slow.map(({ said }) => said())]).toEqual([1, "", "", "", ""]);
  for (const { socket } of slow) socket.destroy();
  const empty = call("POST /v2/models/a/infer");
  await until(() => empty.said().startsWith("HTTP/1.1 200 "));
});

it("bodies that wait hold no more than there is room for; one by itself is taken", async () => {
  const { asked, toSidecar, call, refused } = await start({ limits: { atOnce: 1, withinMs: 60_000, bytes: 10 } });
  const infer = (body: string): Call =>
    call("POST /v2/models/a/infer", `content-length: ${body.length}\r\n\r\n${body}`);
  const large = infer("x".repeat(100));
  await until(() => asked.length === 1);
  const more = infer("x");
  await until(() => more.said().endsWith("}"));
  expect(more.said()).toMatch(/^HTTP\/1\.1 503 [^]*\r\nretry-after: \d+\r\n/i);
  expect(bodyOf(more.said())).toEqual({
    error: `The bodies of the calls that wait for sidecars hold too much already. Try again in ${retryAfterOf(more)} s.`,
  });
  expect(refused).toEqual(["/v2/models/a/infer overloaded"]);
  large.socket.destroy();
  await until(() => toSidecar.size === 0);
  infer("x");
  await until(() => asked.length === 2);
});

it("an answer that the sidecar breaks off is broken off", async () => {
  const { call, open } = await start({
    answer: (_request, response) => {
      response.setHeader("content-length", 100).write("begun");
      setTimeout(() => response.destroy(), 50);
    },
  });
  const one = call(LIVE);
  await until(() => one.said().endsWith("begun"));
  await until(() => open.size === 0);
});

describe("a model that is known not to answer", () => {
  const FAILED = { state: "failed", reason: "its proof failed" } as const;
  const LOST = { state: "unreachable", reason: "its sidecar is gone" } as const;
  const KEYS = { demandsKeys: true, asksPredictions: true, enter: () => undefined };
  const LOADING = { state: "loading", reason: "it is read" } as const;
  it.each([
    ["GET /v2/models/a/ready", LOADING, "well", undefined],
    ["GET /v2/models/a/ready", LOST, "is unreachable: its sidecar is gone", undefined],
    ["GET /v2/health/live", LOST, "is unreachable: its sidecar is gone", undefined],
    ["POST /v2/models/a/infer", FAILED, "is failed: its proof failed", undefined],
    ["GET /v2/health/live", FAILED, "well", undefined], // the sidecar may serve others
    ["GET /v2/health/live", LOST, "The model a is unreachable. Try", KEYS],
    ["GET /v2/models/a/ready", LOST, "is unreachable: its sidecar is gone", KEYS],
  ])("%s, %j: %s", async (line, availability, said, door) => {
    const { asked, call, refused } = await start({
      door,
      find: () => ({ ...model, availability }),
      defaultModel: { ...model, availability },
      answer: (_request, response) => response.end("well"),
    });
    const one = call(line);
    await until(() => /well|}$/.test(one.said()));
    expect(one.said()).toContain(said);
    const isAsked = said === "well";
    const isHealth = line.includes("/health/"); // which is told, and refused nobody
    expect([asked.length, refused.length]).toEqual(isAsked ? [1, 0] : [0, isHealth ? 0 : 1]);
    expect(one.said()).toMatch(isAsked ? / 200 / : /^HTTP\/1\.1 503 [^]*\r\nretry-after: [12]\r\n/i);
  });
});

it("tells of whoever is turned away, at the door too", async () => {
  const { asked, call, refused } = await start({
    inference: false,
    door: {
      ...{ demandsKeys: true, asksPredictions: true },
      enter: (_request, _response, needs) =>
        needs === "open" ? undefined : Promise.reject(new Problem("unauthorized", { detail: "Send a key." })),
    },
  });
  const all = ["GET /v2/models/a", "POST /v2", "GET /v2/nowhere"].map((line) => call(line));
  await until(() => all.every(({ said }) => said().endsWith("}")));
  expect(refused.toSorted()).toEqual([
    "/v2 method-not-allowed",
    "/v2/models/a unauthorized",
    "/v2/nowhere unauthorized",
  ]);
  expect(asked).toEqual([]);
});
