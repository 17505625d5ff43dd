import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { connect, type Server, type Socket } from "node:net";

import { cutPort } from "../test/port";
import { listen, type Listening } from "./listen";
import { watchClient } from "./stream/client";

let listening: Listening;
const sockets: Socket[] = [];
afterEach(() => cutPort(listening, sockets));

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

  it.each([
    ["by its length", SLOW],
    ["in chunks", SLOW.replace("content-length: 1000", "transfer-encoding: chunked").replace(/x$/, "ffff\r\n")],
    ["with an expectation that nobody knows", SLOW.replace("host: x", "host: x\r\nexpect: miracles")],
  ])("ends its connection where it was answered long before, %s, though it goes on coming", async (_how, sent) => {
    const { socket, said } = await open((_request, response) => response.end("known"), sent);
    const dripping = setInterval(() => socket.write("x"), 20);
    expect(await closed(socket, 3_000)).toBe("closed");
    clearInterval(dripping);
    expect(said()).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nknown$/);
  });

  it("may come behind its answer, and the connection goes on", async () => {
    const { socket, said } = await open((_request, response) => response.end("known"), SLOW);
    await passed(100);
    socket.write("x".repeat(999));
    expect(await closed(socket, 700)).toBe("open");
    socket.write(SLOW.replace("1000", "1"));
    await passed(200);
    expect(said().match(/known/g)).toHaveLength(2);
  });

  it("may take its time where it is a stream's, which has a time-out of its own", async () => {
    const { socket, said } = await open((request, response) => {
      watchClient(request, response);
      reading(request, response);
    }, SLOW);
    expect([await closed(socket, 700), said()]).toEqual(["open", ""]);
  });
});

describe("calls that one connection sends without waiting for their answers", () => {
  const CALL = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

  it("are all over when it goes, those too whose turn to be answered never came", async () => {
    let [begun, over] = [0, 0];
    const { socket } = await open((_request, response) => {
      begun += 1;
      response.on("close", () => (over += 1));
      setTimeout(() => response.end("late"), 50);
    }, CALL.repeat(20));
    while (begun < 20) await passed(5);
    const answered = listening.answered(60_000).then(() => "answered");
    socket.destroy();
    expect(await Promise.race([answered, passed(2_000)])).toBe("answered");
    expect(over).toBe(20);
  });

  it("are as many as anybody sends", async () => {
    let begun = 0;
    const { socket } = await open(() => (begun += 1), CALL.repeat(500));
    expect(await closed(socket, 2_000)).toBe("closed");
    expect(begun).toBeLessThan(70);
  });
});

it("whoever waits for a long answer leaves nothing at it, and learns that it is over", async () => {
  let response: ServerResponse | undefined;
  const { socket } = await open((_request, begun) => (response = begun), "GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  while (!response) await passed(5);
  const before = response.listenerCount("close");
  const [first, ...others] = Array.from({ length: 20 }, (_, i) => listening.answered(i === 0 ? 50 : 60_000));
  expect(response.listenerCount("close")).toBe(before);
  expect(await Promise.race([first, passed(1_000)])).toBeUndefined();
  expect(await Promise.race([Promise.any(others), passed(100)])).toBe("open");
  socket.destroy();
  expect(await Promise.race([Promise.all(others).then(() => "all"), passed(1_000)])).toBe("all");
});

it("connections that the system does not give are told, each, and end nothing", async () => {
  const told: Error[] = [];
  let server: Server | undefined;
  const handler: RequestListener = ({ socket }, response) => {
    ({ server } = socket as unknown as { server: Server });
    response.end();
  };
  listening = await listen(handler, 0, "127.0.0.1", { onAcceptError: (error) => void told.push(error) });
  await (await fetch(listening.url, { headers: { connection: "close" } })).text();
  const errors = [new Error("accept EMFILE"), new Error("accept EMFILE"), new Error("accept EPERM")];
  for (const error of errors) server?.emit("error", error);
  expect(told).toEqual(errors);
});
