import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { constants, gunzipSync } from "node:zlib";

import { idle } from "../../test/idle-predictor";
import { modelOfOneOutput } from "../../test/one-output";
import { noObserver } from "../observer";
import { nativeRoute } from "../predict/model";
import { endRowWorkers } from "../rows/row-workers";
import { createStreamHandler } from "./stream-route";
import { StreamsUnderWay } from "./streams-under-way";

/** A model of one number, which gives it back. */
function readyModel() {
  const { model, description } = modelOfOneOutput([["x", { type: "number" }]], { contract: { routes: [] } });
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
    ...idle,
    predict: ({ rows, numbers }: { rows: number; numbers: Float64Array }) =>
      Promise.resolve({ rows, outputs: [{ name: "p", columns: null, values: numbers }] }),
  };
  model.availability = { state: "ready", description, sidecar, predictor };
  return model;
}

let server: Server;
let answering: ServerResponse;
let socket: Socket;
let said = "";
const underWay = new StreamsUnderWay({ streams: 2, bytes: Infinity });
beforeEach(async () => {
  const limits = { bodyBytes: 100_000, timeoutMs: 5_000 };
  const handle = createStreamHandler(readyModel(), nativeRoute, limits, noObserver, underWay);
  server = createServer((request, response) => {
    answering = response;
    void handle(request, response, "mine");
  });
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

/** What of an answer has come when its connection breaks off. */
async function allOf(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  response.on("data", (piece: Buffer) => pieces.push(piece)).on("error", () => undefined);
  await new Promise((resolve) => response.on("close", resolve)); // `once` would end with its error
  return Buffer.concat(pieces);
}

describe("a problem behind the first rows of the answer", () => {
  it.each([
    ["as it is", "identity", (bytes: Buffer) => bytes],
    ["in gzip", "gzip", (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })],
  ])(
    "is its last line, where the client has sent nothing for too long and reads %s",
    async (_how, encoding, decoded) => {
      const { port } = server.address() as AddressInfo;
      const headers = { "content-type": "text/csv", "accept-encoding": encoding };
      const call = httpRequest({ port, host: "127.0.0.1", method: "PUT", headers }).on("error", () => undefined);
      call.write(`x\n${"1.5\n".repeat(200_000)}`);
      const [response] = (await once(call, "response")) as [IncomingMessage];
      const whole = allOf(response);
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // now nothing but more rows is waited for
      answering.emit("timeout"); // as Node does, which has seen no byte
      const lines = decoded(await whole)
        .toString()
        .trimEnd()
        .split("\n");
      expect([response.statusCode, response.headers["content-encoding"] ?? "identity"]).toEqual([200, encoding]);
      expect(lines.slice(0, 2)).toEqual(["p", "1.5"]);
      const [, problem = "{}"] = /^# problem: (.*)$/.exec(lines.at(-1) ?? "") ?? [];
      expect(JSON.parse(problem)).toMatchObject({
        type: expect.stringMatching(/client-idle$/) as string,
        detail: "No byte of the rows came for 30 s. Send the rows without a long pause.",
      });
    },
    20_000,
  );
});

it("a client that leaves the last piece of a whole answer unread is cut off", async () => {
  server.prependListener("request", ({ socket: theirs }: IncomingMessage) => {
    theirs._write = theirs._writev = () => undefined; // as where the connection takes no more
  });
  socket.write(put(4) + "x\n1\n");
  expect(await until(() => (answering as ServerResponse | undefined)?.writableEnded === true, 5_000)).toBe(true);
  answering.emit("timeout");
  expect(await until(() => answering.destroyed, 1_000)).toBe(true);
});

it("a stream beyond as many as there may be at once is refused, and taken when another is over", async () => {
  const { port } = server.address() as AddressInfo;
  const standing = [1, 2].map(() => connect(port, "127.0.0.1").on("error", () => undefined));
  for (const one of standing) one.write(put(100) + "x\n1\n");
  await new Promise((resolve) => setTimeout(resolve, 300));
  socket.write(put(4) + "x\n1\n");
  expect(await until(() => said.includes("\r\n\r\n{"), 5_000)).toBe(true);
  expect(said).toMatch(/^HTTP\/1\.1 503 [^]*\r\nretry-after: \d+\r\n[^]*urn:picklepod:problem:overloaded/i);
  standing[0]?.destroy();
  const again = connect(port, "127.0.0.1").on("data", (piece: Buffer) => (said += piece.toString()));
  await new Promise((resolve) => setTimeout(resolve, 300));
  again.write(put(4) + "x\n1\n");
  expect(await until(() => said.includes("picklepod-summary: rows=1"), 5_000)).toBe(true);
  for (const one of [again, ...standing]) one.destroy();
}, 20_000);

describe("where all places are taken, by clients of which one is too slow", () => {
  /** Two that stand, the first of which has sent this and goes on with nothing. */
  async function standing(first: string, length = 100) {
    const { port } = server.address() as AddressInfo;
    let [slow, isFastOver] = ["", false];
    const [one, two] = [1, 2].map(() => connect(port, "127.0.0.1").on("error", () => undefined)) as [Socket, Socket];
    one.on("data", (piece: Buffer) => (slow += piece.toString())).write(put(length) + first);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    two.on("end", () => (isFastOver = true)).resume();
    two.write(put(100_000_000) + "x\n1\n");
    await new Promise((resolve) => setTimeout(resolve, 300));
    // a look is for a second: the other one sends some KB in each
    for (let looks = 0; looks < 700; looks += 1) {
      await new Promise((resolve) => two.write("1.5\n".repeat(2_500), resolve));
      underWay.look();
    }
    return {
      slow: () => slow,
      isFastOver: () => isFastOver,
      ends: () => {
        for (const socket of [one, two]) socket.destroy();
      },
    };
  }

  it("its stream is refused if the answer has not begun, and another has its place", async () => {
    const { slow, isFastOver, ends } = await standing("x\n1\n");
    socket.write(put(4) + "x\n1\n");
    expect(await until(() => said.includes("picklepod-summary: rows=1"), 5_000)).toBe(true);
    expect(slow()).toMatch(/^HTTP\/1\.1 408 [^]*urn:picklepod:problem:client-idle/);
    expect(isFastOver()).toBe(false);
    ends();
  }, 20_000);

  it("its stream is broken off if the answer has begun", async () => {
    const { slow, isFastOver, ends } = await standing(`x\n${"1.5\n".repeat(200_000)}`, 100_000_000);
    expect([slow().slice(0, 13), slow().includes("\n1.5\n1.5\n")]).toEqual(["HTTP/1.1 200 ", true]);
    socket.write(put(4) + "x\n1\n");
    expect(await until(() => said.includes("picklepod-summary: rows=1"), 5_000)).toBe(true);
    expect(await until(() => /\n# problem: .*client-idle/.test(slow()), 5_000)).toBe(true);
    expect(isFastOver()).toBe(false);
    ends();
  }, 20_000);
});
