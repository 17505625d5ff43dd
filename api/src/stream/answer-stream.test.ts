import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { idle } from "../../test/idle-predictor";
import { modelOfOneOutput } from "../../test/one-output";
import type { SidecarMetadata } from "../bundle/sidecar-metadata";
import { noObserver } from "../observer";
import type { Deadline } from "../predict/deadline";
import { nativeRoute } from "../predict/model";
import { Problem } from "../problems";
import { endRowWorkers } from "../rows/row-workers";
import { createStreamHandler } from "./stream-route";

let server: Server;
let asked: Deadline["signal"][];
let answer: (rows: number) => Promise<never>;
beforeEach(async () => {
  asked = [];
  const { model, description } = modelOfOneOutput([["x", { type: "number" }]]);
  const sidecar = { digest: "d", state: "ready", proof: "exact" } as unknown as SidecarMetadata;
  const predict = ({ rows }: { rows: number }, { signal }: Deadline): Promise<never> => {
    asked.push(signal);
    return answer(rows);
  };
  model.availability = { state: "ready", description, sidecar, predictor: { ...idle, predict } };
  const handle = createStreamHandler(model, nativeRoute, { bodyBytes: 100_000, timeoutMs: 5_000 }, noObserver);
  server = createServer((request, response) => void handle(request, response, "mine"));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
afterAll(endRowWorkers);

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it("a stream whose chunk fails takes back the chunk behind it, which nobody waits for", async () => {
  const failed = new Problem("sidecar-fault", { detail: "It lied." });
  answer = async () => {
    if (asked.length > 1) return new Promise<never>(() => undefined);
    for (const end = performance.now() + 5_000; asked.length < 2 && performance.now() < end;) await passed(10);
    throw failed;
  };
  const { port } = server.address() as AddressInfo;
  const call = httpRequest({ port, host: "127.0.0.1", method: "PUT", headers: { "content-type": "text/csv" } });
  call.on("error", () => undefined).end(`x\n${"1.5\n".repeat(50_000)}`);
  const [response] = (await once(call, "response")) as [IncomingMessage];
  response.resume();
  await passed(50);
  expect([response.statusCode, asked.map(({ aborted }) => aborted)]).toEqual([502, [false, true]]);
}, 20_000);
