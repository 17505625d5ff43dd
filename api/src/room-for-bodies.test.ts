import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { cutPort } from "../test/port";
import { listen, type Listening } from "./listen";

const MB = 1024 * 1024;
const LENGTH = 8 * MB;

let listening: Listening;
const sockets: Socket[] = [];
let received = 0;
beforeEach(async () => {
  received = 0;
  const reading: RequestListener = (request, response) => {
    request.on("data", (piece: Buffer) => (received += piece.length));
    request.on("error", () => undefined).on("end", () => response.end("read"));
  };
  listening = await listen(reading, 0, "127.0.0.1", { sweepMs: 100, bytesOfBodies: 7 * MB });
});
afterEach(() => cutPort(listening, sockets));

/** A call that has sent so much of its body, and what it has heard. */
async function send(bytes: number, length = LENGTH): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1").on("error", () => undefined);
  sockets.push(socket);
  let heard = "";
  socket.on("data", (piece: Buffer) => (heard += piece.toString()));
  const before = received;
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`);
  socket.write(Buffer.alloc(bytes, " "));
  while (received < before + bytes) await sleep(5);
  return { socket, heard: () => heard };
}

/** It goes on with its body as fast as a client on a slow line does. */
const sendOn = ({ socket }: { socket: Socket }): NodeJS.Timeout =>
  setInterval(() => socket.write(Buffer.alloc(1024, " ")), 10);

it("of bodies that are more than there is room for those end that come slowest, and no more of them than must", async () => {
  const waiting = await send(3 * MB);
  const coming = await send(3 * MB);
  const going = sendOn(coming);
  await sleep(300); // those two find room
  expect([waiting.heard(), coming.heard()]).toEqual(["", ""]);
  const last = await send(3 * MB);
  const lastGoing = sendOn(last);
  await once(waiting.socket, "close");
  expect(waiting.heard()).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: [12]\r\n[^]*this one comes slowest/i);
  await sleep(300);
  clearInterval(going);
  clearInterval(lastGoing);
  expect([coming.heard(), last.heard()]).toEqual(["", ""]);
});

it("one by itself is read, however large it is", async () => {
  const { socket } = await send(7.5 * MB);
  await sleep(300);
  expect(socket.destroyed).toBe(false);
});

it("what earlier calls of a connection brought is not counted", async () => {
  await send(MB);
  const first = await send(5 * MB, 5 * MB);
  while (!first.heard().endsWith("read")) await sleep(5);
  first.socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${LENGTH}\r\n\r\n`);
  first.socket.write(Buffer.alloc(MB, " "));
  await sleep(500);
  expect(first.heard().endsWith("read")).toBe(true);
  expect(first.socket.destroyed).toBe(false);
});
