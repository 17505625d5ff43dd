import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Pinned } from "../bundle/description";
import { noObserver } from "../observer";
import { Problem } from "../problems";
import { startDeadline } from "../../test/started-deadline";
import { createPredictor, type Predictor } from "./predictor";
import { createSidecarClient, type SidecarClient } from "./sidecar-client";
import { SidecarPool } from "./sidecar-pool";

// A breaker before a queue: the real client, pool and predictor, and a sidecar that does as the test says.

const description = {
  name: "mine",
  digest: "abc",
  limits: { block: 1_024 },
  inputs: { numbers: ["x"], codes: [], texts: [] },
  outputs: [{ name: "p", from: "p" }],
  tensors: { p: { datatype: "FP64", columns: null } },
} as unknown as Pinned;

interface Call {
  readonly response: ServerResponse;
  readonly id: string;
  readonly rows: number;
}

let server: Server;
let calls: Call[];
let onCall: (call: Call) => void;
let client: SidecarClient;
let predictor: Predictor;
let told: string[];

beforeEach(async () => {
  [calls, told] = [[], []];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const head = Number(request.headers["inference-header-content-length"]);
      const sent = JSON.parse(Buffer.concat(chunks).toString("utf8", 0, head)) as {
        id: string;
        inputs: { shape: number[] }[];
      };
      const call = { response, id: sent.id, rows: sent.inputs[0]?.shape[0] ?? 0 };
      calls.push(call);
      onCall(call);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createSidecarClient(url, description, { onBreaker: (state) => told.push(state) });
  const pool = new SidecarPool();
  pool.add(client);
  const observer = { ...noObserver, shed: (_: string, reason: string) => void told.push(`shed: ${reason}`) };
  predictor = createPredictor(pool, description, 10_000, observer);
});
afterEach(async () => {
  client.close();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const fail = ({ response }: Call): void => void response.writeHead(500).end("{}");
function answer({ response, id, rows }: Call): void {
  const outputs = [{ name: "p", datatype: "FP64", shape: [rows], parameters: { binary_data_size: 8 * rows } }];
  const head = Buffer.from(JSON.stringify({ model_name: "mine", id, parameters: { digest: "abc" }, outputs }));
  response.setHeader("inference-header-content-length", head.length);
  response.end(Buffer.concat([head, Buffer.alloc(8 * rows)]));
}

/** Of a call that waits for nothing, on a machine that does other things; its deadline is a second. */
const AT_ONCE_MS = 400;

/** How it ended, as a route asks: the status, and after how long. */
async function ask(): Promise<{ status: number; ms: number; retryAfter?: string | undefined }> {
  const began = performance.now();
  const deadline = startDeadline(1_000);
  try {
    predictor.admit(1_000);
    const columns = { rows: 1, numbers: Float64Array.of(1), codes: new Int32Array(), texts: [] };
    predictor.admitRows(1, deadline.remainingMs());
    await predictor.predict(columns, deadline);
    return { status: 200, ms: performance.now() - began };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const retryAfter = error.members.headers?.["retry-after"];
    return { status: error.status, ms: performance.now() - began, retryAfter };
  } finally {
    deadline.clear();
  }
}

async function opened(): Promise<void> {
  onCall = fail;
  for (let i = 0; i < 5; i += 1) expect((await ask()).status).toBe(502);
  expect(told).toEqual(["open"]);
  calls = [];
  told = [];
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const HALF_OPEN_MS = 550;

it("while the breaker is open nothing reaches the sidecar, and every caller is told at once when to come again", async () => {
  await opened();
  const refused = await Promise.all(Array.from({ length: 200 }, ask));
  expect(calls).toEqual([]);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
  expect(Math.max(...refused.map(({ ms }) => ms))).toBeLessThan(AT_ONCE_MS);
  expect(refused.every(({ retryAfter }) => retryAfter === "1" || retryAfter === "2")).toBe(true);
  expect(told).toEqual(Array(200).fill("shed: breaker"));
});

it("of 200 callers when it half-opens one probe reaches the sidecar, and the others are told at once", async () => {
  await opened();
  await pause(HALF_OPEN_MS);
  onCall = () => undefined; // the probe hangs
  const all = Array.from({ length: 200 }, ask);
  await pause(100);
  expect(calls.map(({ rows }) => rows)).toEqual([1]);
  for (const call of calls) fail(call);
  const outcomes = await Promise.all(all);
  expect(outcomes.map(({ status }) => status)).toEqual([502, ...Array<number>(199).fill(503)]);
  expect(Math.max(...outcomes.slice(1).map(({ ms }) => ms))).toBeLessThan(AT_ONCE_MS);
  expect(told.slice(0, 1)).toEqual(["half-open"]);
  expect(calls).toHaveLength(1);
});

it("a probe that is answered lets everybody in again", async () => {
  await opened();
  await pause(HALF_OPEN_MS);
  onCall = answer;
  expect((await ask()).status).toBe(200);
  const outcomes = await Promise.all(Array.from({ length: 20 }, ask));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(told).toEqual(["half-open", "closed"]);
});

it("those who wait when it opens are told then, and not at their deadlines", async () => {
  onCall = fail;
  const held: Call[] = [];
  for (let i = 0; i < 4; i += 1) await ask();
  onCall = (call) => void held.push(call);
  const all = Array.from({ length: 200 }, ask);
  await pause(50);
  for (const call of held) fail(call); // the fifth
  const outcomes = await Promise.all(all);
  expect(outcomes.map(({ status }) => status)).toEqual([502, ...Array<number>(199).fill(503)]);
  expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(AT_ONCE_MS);
});

it("of a client that is closed nobody goes on telling that its breaker is open", async () => {
  await opened();
  client.close();
  expect(told).toEqual(["closed"]);
});
