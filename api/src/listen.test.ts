import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";

import { listen, type Listening } from "./listen";
import { watchClient } from "./stream/client";

let listening: Listening;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  const drained = listening.drain();
  listening.cut();
  await drained;
});

const LIMITS = { sweepMs: 50, bodyWithinMs: 200 };

async function open(handler: RequestListener, sent: string): Promise<{ socket: Socket; said: () => string }> {
  listening = await listen(handler, 0, "127.0.0.1", LIMITS);
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1");
  sockets.push(socket);
  let said = "";
  socket.on("data", (piece: Buffer) => (said += piece.toString())).on("error", () => undefined);
  socket.write(sent);
  return { socket, said: () => said };
}

const passed = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, "open"));
const closed = (socket: Socket, ms: number): Promise<unknown> =>
  Promise.race([once(socket, "close").then(() => "closed"), passed(ms)]);

const reading: RequestListener = (request) => void request.on("error", () => undefined).resume();
const SLOW = "PUT /?on_error=null HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 1000\r\n\r\nx";

describe("a body that does not come in time", () => {
  it("has the problem as its answer and ends its connection, whatever its headers say", async () => {
    const { socket, said } = await open((request, response) => {
      response.setHeader("x-request-id", "mine");
      reading(request, response);
    }, SLOW);
    expect(await closed(socket, 3_000)).toBe("closed");
    const [head = "", body = ""] = said().split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n/is);
    expect(JSON.parse(body)).toMatchObject({
      type: "urn:picklepod:problem:client-idle",
      instance: "urn:picklepod:request:mine",
    });
  });

  it("ends for whoever reads it, with the problem, and for nobody", async () => {
    let heard: unknown;
    const { socket } = await open((request) => {
      if (request.url === "/unread") return;
      request.on("error", (error) => (heard = error)).resume();
    }, SLOW);
    expect(await closed(socket, 3_000)).toBe("closed");
    expect(heard).toHaveProperty("problemName", "client-idle");
    const unread = connect(Number(new URL(listening.url).port), "127.0.0.1").resume();
    sockets.push(unread);
    unread.write(SLOW.replace("/?on_error=null", "/unread"));
    expect(await closed(unread, 3_000)).toBe("closed");
  });

  it("may take its time where it is a stream's, which has a time-out of its own", async () => {
    const { socket, said } = await open((request, response) => {
      watchClient(request, response);
      reading(request, response);
    }, SLOW);
    expect([await closed(socket, 700), said()]).toEqual(["open", ""]);
  });
});
