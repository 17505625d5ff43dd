import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

import { CallsUnderWay } from "./calls-under-way";

const calls = new CallsUnderWay();
const answering: RequestListener = (request, response) => {
  if (request.url !== "/held") response.end();
};
const server = createServer(calls.watch(answering));
const sockets: Socket[] = [];
beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
afterAll(async () => {
  const closed = once(server.close(), "close");
  for (const socket of sockets) socket.destroy();
  await closed;
});

async function connected(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

const write = (socket: Socket, path: string): boolean => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function call(socket: Socket): Promise<void> {
  write(socket, "/");
  await once(socket, "data");
  await new Promise(setImmediate); // its end is told behind its last byte
}

const idlePort = (): number | undefined => calls.longestIdle()?.remotePort;

it("knows which connection has had no call for longest", async () => {
  const [one, other, held] = [await connected(), await connected(), await connected()];
  expect(idlePort()).toBeUndefined(); // none has had a call
  for (const socket of [one, other, held]) await call(socket);
  expect(idlePort()).toBe(one.localPort);
  await call(one);
  expect(idlePort()).toBe(other.localPort);
  write(held, "/held");
  await until(() => calls.unanswered.size === 1);
  const otherPort = other.localPort;
  other.destroy();
  await until(() => idlePort() !== otherPort);
  expect(idlePort()).toBe(one.localPort);
  one.destroy();
  await until(() => idlePort() === undefined); // the third has a call
});
