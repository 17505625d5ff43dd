import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";

import { cutPort } from "../test/port";
import { listen, type Listening } from "./listen";
import { type Room, writeWhole } from "./predict/write-whole";
import type { Patience } from "./slow-clients";

jest.setTimeout(60_000); // 40 MB through a socket, on a machine that may be busy

let listening: Listening;
const sockets: Socket[] = [];
afterEach(() => cutPort(listening, sockets));

const MB = 1024 * 1024;
const passed = (ms: number): Promise<string> =>
  new Promise((resolve) => setTimeout(resolve, ms, "still there").unref());
const ending = (response: ServerResponse): Promise<string> => once(response, "close").then(() => "ended");

/** What the kernel keeps of an answer for its reader is less than this. */
const ANSWER = "x".repeat(40 * MB);

let responses: ServerResponse[];

/** Answers each call with that. */
async function serve(patience: Partial<Patience>, room?: Room): Promise<void> {
  responses = [];
  const answering: RequestListener = (_request, response) => {
    responses.push(response);
    response.writeHead(200, { "content-length": ANSWER.length });
    writeWhole(response, ANSWER, room);
  };
  listening = await listen(answering, 0, "127.0.0.1", { sweepMs: 50, ...patience });
}

/** A client that reads nothing before it is told to. */
async function askForAnswer(): Promise<void> {
  const asked = responses.length + 1;
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1").pause();
  sockets.push(socket.on("error", () => undefined));
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  while (responses.length < asked) await passed(10);
}

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new RangeError("there is none");
  return first;
}

/** How many bytes a client can still read of what it was sent. */
async function bytesLeft(socket: Socket): Promise<number> {
  let left = 0;
  socket.on("data", (piece: Buffer) => (left += piece.length)).resume();
  await Promise.race([once(socket, "close"), passed(2_000)]);
  return left;
}

it("cuts a client that reads nothing of its answer", async () => {
  const started = performance.now();
  await serve({ unreadForMs: 300 });
  await askForAnswer();
  expect(await Promise.race([ending(firstOf(responses)), passed(5_000)])).toBe("ended");
  expect(performance.now() - started).toBeGreaterThan(250);
  expect(await bytesLeft(firstOf(sockets))).toBeLessThan(ANSWER.length);
});

it("cuts those that read nothing where the answers are too much to keep together, and no more than it must", async () => {
  await serve({ unreadForMs: 60_000 }, { bytes: 100 * MB, stalledMs: 400 });
  await askForAnswer();
  await askForAnswer();
  await passed(500);
  const first = ending(firstOf(responses));
  await askForAnswer();
  expect(await Promise.race([first, passed(2_000)])).toBe("ended");
  const [cut = 0, ...whole] = await Promise.all(sockets.map(bytesLeft));
  expect(cut).toBeLessThan(ANSWER.length);
  expect(whole.map((bytes) => bytes > ANSWER.length)).toEqual([true, true]);
});

it("lets a client read slowly, and use its connection again behind it", async () => {
  await serve({ unreadForMs: 2_000 });
  await askForAnswer();
  const socket = firstOf(sockets);
  let read = 0;
  socket.on("data", (piece: Buffer) => {
    read += piece.length;
    if (read < 5 * MB) {
      socket.pause();
      setTimeout(() => socket.resume(), 3);
    }
  });
  socket.resume();
  await ending(firstOf(responses));
  await passed(2_500); // longer than an unread answer may wait
  expect(read).toBeGreaterThan(ANSWER.length);
  read = 0;
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  while (read < ANSWER.length) await Promise.race([once(socket, "data"), passed(5_000)]);
  expect(socket.destroyed).toBe(false);
});

it("lets an answer wait whose turn has not come, behind one that takes its time", async () => {
  const answering: RequestListener = (request, response) => {
    setTimeout(() => response.end(request.url), request.url === "/slow" ? 1_000 : 0);
  };
  listening = await listen(answering, 0, "127.0.0.1", { sweepMs: 50, unreadForMs: 200 });
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1");
  let said = "";
  sockets.push(socket.on("error", () => undefined).on("data", (piece: Buffer) => (said += piece.toString())));
  socket.write(["/slow", "/quick"].map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(""));
  for (let waited = 0; waited < 5_000 && !said.endsWith("/quick"); waited += 50) await passed(50);
  expect(said).toMatch(/\r\n\r\n\/slow[^]*\r\n\r\n\/quick$/);
});
