import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { cutPort, openPort } from "../../test/port";
import { roomForMore, writeWhole } from "./write-whole";

const MB = 1024 * 1024;
/** What the kernel keeps of an answer for its reader is less than this. */
const ANSWER = "x".repeat(40 * MB);
const ROOM = { bytes: 60 * MB, stalledMs: 100 };

let listening: Awaited<ReturnType<typeof openPort>>;
let heard: (response: ServerResponse) => void;
beforeEach(async () => {
  // as served: it tells every call that its connection has gone
  listening = await openPort((_request, response) => {
    heard(response);
  });
});
afterEach(() => cutPort(listening));

const REQUEST = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

/** A client that reads nothing, and the calls that it has made on its one connection. */
async function ask(calls = 1): Promise<{ socket: Socket; responses: readonly ServerResponse[] }> {
  const responses: ServerResponse[] = [];
  const all = new Promise<void>((resolve) => {
    heard = (response) => {
      if (responses.push(response) === calls) resolve();
    };
  });
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1").pause();
  socket.on("error", () => undefined).write(REQUEST.repeat(calls));
  await all;
  return { socket, responses };
}

function answer(response: ServerResponse | undefined, text: string, room = ROOM): void {
  response?.writeHead(200, { "content-length": text.length });
  if (response) writeWhole(response, text, room);
}

async function leave(socket: Socket, response: ServerResponse | undefined): Promise<void> {
  const closed = response && once(response.req.socket, "close");
  socket.destroy();
  await closed;
}

it.each([
  [
    "while their answers were made",
    async () => {
      const { socket, responses } = await ask();
      await leave(socket, responses[0]);
      answer(responses[0], ANSWER.slice(0, MB));
    },
  ],
  [
    "while their answers waited behind others of the connection",
    async () => {
      const { socket, responses } = await ask(2);
      answer(responses[1], ANSWER.slice(0, MB));
      await leave(socket, responses[0]);
    },
  ],
])(
  "no reader is cut for the answers of clients that have gone %s",
  async (_when, goes) => {
    const { socket, responses } = await ask();
    const [response] = responses;
    answer(response, ANSWER);
    await sleep(2 * ROOM.stalledMs);
    for (let clients = 0; clients < 30; clients += 1) await goes();
    expect(response?.destroyed).toBe(false);
    let read = 0;
    socket.on("data", (piece: Buffer) => (read += piece.length)).resume();
    const limit = AbortSignal.timeout(20_000);
    while (read < ANSWER.length && !socket.closed) await once(socket, "data", { signal: limit });
    expect(read).toBeGreaterThan(ANSWER.length); // and its head
    socket.destroy();
  },
  60_000,
);

/** How long a large answer waits to be made, in ms. */
async function waits(room = ROOM): Promise<number> {
  const begun = performance.now();
  await roomForMore(room);
  return performance.now() - begun;
}

it("a large answer is made at once while there is room, and else when one before it has been read", async () => {
  const patient = { ...ROOM, stalledMs: 20_000 }; // nobody is cut for what else this machine does
  const [first, second] = [await ask(), await ask()];
  answer(first.responses[0], ANSWER, patient);
  expect(await waits(patient)).toBeLessThan(1_000);
  answer(second.responses[0], ANSWER, patient);
  const read = [first, second].map(({ socket, responses }) => {
    socket.resume();
    return once(responses[0] ?? socket, "finish");
  });
  expect(await waits(patient)).toBeLessThan(patient.stalledMs / 2);
  await Promise.race(read); // else there would be no room
  await Promise.all(read);
  for (const { socket } of [first, second]) socket.destroy();
}, 60_000);

it("it waits no longer than one that reads nothing is kept, which is cut then", async () => {
  const readers = [await ask(), await ask()];
  for (const { responses } of readers) answer(responses[0], ANSWER);
  await sleep(ROOM.stalledMs / 2); // what the kernel takes has left
  expect(await waits()).toBeLessThan(10 * ROOM.stalledMs);
  expect(readers.map(({ responses }) => responses[0]?.destroyed)).toEqual([true, false]);
  for (const { socket } of readers) socket.destroy();
}, 60_000);
