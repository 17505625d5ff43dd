import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";

import { cutPort } from "../test/port";
import { listen, type Listening } from "./listen";

let listening: Listening;
const sockets: Socket[] = [];
afterEach(() => cutPort(listening, sockets));

const passed = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, "waits").unref());
function signal(): [came: Promise<void>, come: () => void] {
  let come = (): void => undefined;
  return [new Promise<void>((resolve) => (come = resolve)), () => { come(); }]; // prettier-ignore
}
const CALL = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

/** A client of that, which sends this and reads nothing before it is told to. */
async function open(handler: RequestListener, sent: string): Promise<Socket> {
  listening = await listen(handler, 0, "127.0.0.1");
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1").pause();
  sockets.push(socket.on("error", () => undefined));
  await once(socket, "connect");
  if (sent !== "") socket.write(sent);
  return socket;
}

const drained = (withinMs: number): Promise<string> =>
  Promise.race([listening.drain().then(() => "drained"), passed(withinMs)]);

async function allOf(socket: Socket): Promise<string> {
  let said = "";
  socket.on("data", (piece: Buffer) => (said += piece.toString())).resume();
  await Promise.race([once(socket, "close"), passed(3_000)]);
  return said;
}

it("a kept connection whose answer began before and ends late is ended behind it", async () => {
  const [begun, begin] = signal();
  const socket = await open((_request, response) => {
    response.writeHead(200, { "content-length": 4 }).write("on");
    begin();
    setTimeout(() => response.end("ce"), 1_500);
  }, CALL);
  await begun;
  const said = allOf(socket);
  expect(await drained(3_000)).toBe("drained");
  expect(await said).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nonce$/);
});

it("an answer that has been ended and is still being read is not cut", async () => {
  const bytes = 20_000_000;
  const [begun, begin] = signal();
  const socket = await open((_request, response) => {
    response.end("x".repeat(bytes));
    begin();
  }, CALL);
  await begun;
  const ending = drained(5_000);
  await passed(1_500);
  const said = await allOf(socket);
  expect(said.length).toBeGreaterThan(bytes);
  expect(await ending).toBe("drained");
});

it.each([
  ["nothing", ""],
  ["half a head", "GET / HTTP/1.1\r\nho"],
])("a connection on which %s has come keeps nobody from ending", async (_what, sent) => {
  await open((_request, response) => response.end(), sent);
  expect(await drained(3_000)).toBe("drained");
});

it("what comes on a kept connection meanwhile is answered, and told that it was the last", async () => {
  const socket = await open((request, response) => {
    setTimeout(() => response.end(request.url), request.url === "/" ? 0 : 1_000);
  }, CALL);
  const said = allOf(socket);
  await once(socket, "data");
  const ending = drained(4_000);
  await passed(800);
  socket.write(CALL.replace("/", "/late"));
  expect(await ending).toBe("drained");
  expect(await said).toMatch(/connection: keep-alive[^]*connection: close[^]*\/late$/i);
});

/** Somebody new every 100 ms, for so long or until nobody is taken any more; how many were answered, and were not. */
async function comers(forMs: number): Promise<{ answered: number; reset: number; refused: number }> {
  const seen = { answered: 0, reset: 0, refused: 0 };
  const port = Number(new URL(listening.url).port);
  for (const until = performance.now() + forMs; performance.now() < until && seen.refused === 0; await passed(100)) {
    const socket = connect(port, "127.0.0.1").on("error", ({ code }: NodeJS.ErrnoException) => {
      seen[code === "ECONNREFUSED" ? "refused" : "reset"] += 1;
    });
    let said = "";
    socket.on("data", (piece: Buffer) => (said += piece.toString())).write(CALL);
    await new Promise((closed) => socket.once("close", closed));
    if (said.startsWith("HTTP/1.1 200")) seen.answered += 1;
  }
  return seen;
}

describe("the port", () => {
  const answering: RequestListener = (_request, response) => response.end();

  it("stays open while somebody new comes, and closes when nobody does any more", async () => {
    await open(answering, "");
    const ending = drained(20_000);
    const begun = performance.now();
    const { answered, ...others } = await comers(2_000);
    expect(others).toEqual({ reset: 0, refused: 0 });
    expect(answered).toBeGreaterThan(10);
    expect(await ending).toBe("drained");
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it("closes also where somebody always comes", async () => {
    await open(answering, "");
    const ending = drained(20_000);
    const begun = performance.now();
    expect(await comers(15_000)).toMatchObject({ refused: 1 });
    expect(await ending).toBe("drained");
    expect(performance.now() - begun).toBeGreaterThan(4_500);
  }, 30_000);
});
