import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import request from "supertest";

import { idle } from "../test/idle-predictor";
import { modelOfOneOutput } from "../test/one-output";
import { createApp } from "./app";
import type { SidecarMetadata } from "./bundle/sidecar-metadata";
import { noObserver } from "./observer";
import { Problem } from "./problems";

// A call that has to wait for its turn of the event loop.

let take: () => void;
let refuse: (error: Problem) => void;
let told: unknown[];
let server: Server;

beforeEach(async () => {
  told = [];
  const turn = new Promise<void>((resolve, reject) => {
    [take, refuse] = [resolve, reject];
  });
  const { model, description } = modelOfOneOutput([["x", { type: "number" }]]);
  const predict = ({ rows }: { rows: number }) =>
    Promise.resolve({ rows, outputs: [{ name: "p", columns: null, values: new Float64Array(rows) }] });
  const sidecar = { digest: "d", state: "ready", proof: "exact" } as unknown as SidecarMetadata;
  model.availability = {
    ...{ state: "ready", description, sidecar },
    predictor: { ...idle, predict, turn: () => turn },
  };
  const app = createApp({
    ...{ models: [model], refused: new Map(), refusedDefault: undefined, isDraining: () => false },
    ...{ limits: { bodyBytes: 1_000_000, timeoutMs: 2_000 }, sidecarUrlOf: () => undefined, rawInference: false },
    observer: {
      ...noObserver,
      answered: ({ status, rows }) => told.push([status, rows]),
      timed: (_, stage) => told.push(stage),
    },
  });
  server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

const ask = (timeoutMs = 2_000): request.Test =>
  request(server)
    .post("/models/mine/predictions")
    .set("x-request-timeout", String(timeoutMs))
    .send([{ x: 1 }]);

it("is not read before, and then answered", async () => {
  const answered = ask().then(({ status }) => status);
  await pause(50);
  expect(told).toEqual([]);
  take();
  expect(await answered).toBe(200);
  expect(told).toEqual(expect.arrayContaining(["read", [200, 1]]));
});

it("is refused unread", async () => {
  setTimeout(() => {
    refuse(new Problem("overloaded", { detail: "A crowd.", headers: { "retry-after": "2" } }));
  }, 20);
  const { status, headers } = await ask();
  expect([status, headers["retry-after"], told]).toEqual([503, "2", [[503, 0]]]);
});

it("is told that its time is over, in place of being read", async () => {
  setTimeout(() => {
    take();
  }, 60);
  expect([(await ask(20)).status, told]).toEqual([504, [[504, 0]]]);
});

it("is not read for a client that has gone", async () => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const call = "POST /models/mine/predictions HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n";
  socket.write(`${call}[{"x": 1}`);
  await pause(30);
  socket.destroy();
  await pause(30);
  take();
  await pause(30);
  expect(told).toEqual([[499, 0]]);
});
