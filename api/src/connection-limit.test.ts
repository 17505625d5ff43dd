import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

import { limitConnections } from "./connection-limit";

const MOST = 5;
const sockets = new Map<Server, Socket[]>();
afterEach(async () => {
  const closed = [...sockets.keys()].map((server) => once(server.close(), "close"));
  for (const socket of [...sockets.values()].flat()) socket.destroy();
  await Promise.all(closed);
  sockets.clear();
});

let idle: Socket[] = [];
afterEach(() => (idle = []));

async function portWith(spare: number): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => undefined).write("in"));
  limitConnections(server, () => idle.shift(), spare, MOST);
  sockets.set(server, []);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** Whether one more is let in. */
async function enter(server: Server): Promise<boolean> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => undefined);
  sockets.get(server)?.push(socket);
  return Promise.race([once(socket, "data").then(() => true), once(socket, "close").then(() => false)]);
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.getConnections((_error, count) => {
      resolve(count);
    });
  });

async function enterAll(server: Server, count: number): Promise<boolean[]> {
  const entered: boolean[] = [];
  for (let i = 0; i < count; i += 1) entered.push(await enter(server));
  return entered;
}

it("all ports together take no more than there are files for", async () => {
  const [one, other] = [await portWith(0), await portWith(0)];
  expect([await enterAll(one, 3), await enterAll(other, 3)]).toEqual([
    [true, true, true],
    [true, true, false],
  ]);
  expect(await enter(one)).toBe(false);
  const [leaving] = sockets.get(one) ?? [];
  leaving?.destroy();
  while ((await connectionsOf(one)) > 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await enterAll(other, 2)).toEqual([true, false]);
});

it("a port leaves some for another, which takes them whatever comes to the first", async () => {
  const [open, control] = [await portWith(2), await portWith(0)];
  expect(await enterAll(open, 4)).toEqual([true, true, true, false]);
  expect(await enterAll(control, 3)).toEqual([true, true, false]);
});

it("one that is idle ends where there is room for no more, and who comes next finds room", async () => {
  const server = await portWith(0);
  server.on("connection", (socket: Socket) => idle.push(socket));
  const all: boolean[] = [];
  for (let i = 0; i < 3 * MOST; i += 1) {
    all.push(await enter(server));
    while (i >= MOST - 1 && (await connectionsOf(server)) >= MOST)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(all).toEqual(all.map(() => true));
  const ended = sockets.get(server)?.map(({ closed }) => closed);
  expect(ended?.slice(0, MOST)).toEqual(Array.from({ length: MOST }, () => true));
});
