import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

import { digestOf, type Pinned } from "../bundle/description";
import { draftOf } from "../bundle/draft";
import { expandInputs } from "../bundle/inputs";
import { manifestSchema } from "../bundle/manifest";
import { createModel, nativeRoute } from "../predict/model";
import { endRowWorkers } from "../rows/row-workers";
import { createStreamHandler } from "./stream-route";

/** A model of one number, which gives it back. */
function readyModel() {
  const manifest = manifestSchema.parse({
    name: "mine",
    version: "1",
    environment: { python: "3.9" },
    artifacts: { model: "model.pkl" },
    inputs: [["x", { type: "number" }]],
    steps: [{ predict: "model", columns: ["x"], output: "p" }],
    outputs: { p: "p" },
    contract: { routes: [] },
  });
  const lock = { file: "requirements.lock", sha256: "ab", packages: { numpy: "1.19.5" } };
  const draft = {
    ...draftOf(manifest, lock, "cd"),
    artifacts: {},
    tensors: { p: { datatype: "FP64" as const, columns: null } },
  };
  const description: Pinned = { ...draft, digest: digestOf(draft) };
  const model = createModel({
    name: "mine",
    folder: "mine",
    manifest,
    inputs: expandInputs(manifest),
    json: description,
  });
  const sidecar = {
    digest: "d",
    state: "ready" as const,
    reason: null,
    proof: "exact" as const,
    fingerprint: "x86",
    blocks: { p: "any" as const },
    distances: { p: { alone: 0, one_call: 1 } },
    python: "3.9.18",
    libraries: {},
  };
  const predictor = {
    predict: ({ rows, numbers }: { rows: number; numbers: Float64Array }) =>
      Promise.resolve({ rows, outputs: [{ name: "p", columns: null, values: numbers }] }),
    rowsWaiting: () => 0,
  };
  model.availability = { state: "ready", description, sidecar, predictor };
  return model;
}

let server: Server;
let socket: Socket;
let said = "";
beforeEach(async () => {
  const handle = createStreamHandler(
    readyModel(),
    nativeRoute,
    { bodyBytes: 100_000, timeoutMs: 5_000 },
    () => undefined,
  );
  server = createServer((request, response) => void handle(request, response, "mine"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  said = "";
  socket.on("data", (piece: Buffer) => (said += piece.toString())).on("error", () => undefined);
});
afterEach(() => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
});
afterAll(endRowWorkers);

const put = (length: number, more = ""): string =>
  `PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n${more}\r\n`;

async function until(what: () => boolean, ms: number): Promise<boolean> {
  for (const started = performance.now(); performance.now() - started < ms;) {
    if (what()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return what();
}

describe("a problem before the answer has begun", () => {
  it("is told at once, though the client has fallen silent in the middle of its rows", async () => {
    socket.write(put(100_000_000) + "x\noops\n" + `1.${"0".repeat(27)}\n`.repeat(10_000));
    // of all this one chunk is whole, and the next is waited for
    expect(await until(() => said.includes("\r\n\r\n{"), 10_000)).toBe(true);
    expect(said).toMatch(/^HTTP\/1\.1 422 /);
  }, 20_000);

  it.each([
    ["unread", put(1_000, "content-encoding: br\r\n"), "415"],
    ["read in part", put(900_000) + "A,B\n" + "1,2\n".repeat(100_000), "422"],
  ])(
    "ends the connection of a body that was %s, behind the whole answer",
    async (_how, sent, status) => {
      let isClosed = false;
      socket.on("close", () => (isClosed = true));
      socket.write(sent);
      expect(await until(() => isClosed, 10_000)).toBe(true);
      const [head = "", body = ""] = said.split("\r\n\r\n");
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\\r\\nconnection: close(\\r\\n|$)`, "is"));
      expect(JSON.parse(body)).toHaveProperty("status", Number(status));
    },
    20_000,
  );

  it("takes what the client still sends, which would not hear of it otherwise", async () => {
    const failures: unknown[] = [];
    socket.on("error", (error) => failures.push(error));
    let isSent = false;
    socket.write(put(20_000_000, "content-encoding: br\r\n"));
    expect(await until(() => said.includes("\r\n\r\n{"), 5_000)).toBe(true);
    socket.write(Buffer.alloc(20_000_000), (error) => (isSent = error === null || error === undefined));
    expect([await until(() => isSent, 5_000), failures]).toEqual([true, []]);
  }, 20_000);

  it("leaves the connection for the next request where the body was complete", async () => {
    socket.write(put(7) + "x\noops\n");
    expect(await until(() => said.includes("\r\n\r\n{"), 10_000)).toBe(true);
    expect(said).toMatch(/^HTTP\/1\.1 422 .*\r\nconnection: keep-alive/is);
    said = "";
    socket.write(put(4) + "x\n1\n");
    expect(await until(() => said.includes("picklepod-summary: rows=1"), 5_000)).toBe(true);
  }, 20_000);
});
