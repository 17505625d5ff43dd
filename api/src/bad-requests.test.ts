import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";

import { listen, type Listening } from "./listen";

let listening: Listening;
const heard: string[] = [];
const sockets: Socket[] = [];

const answering: RequestListener = (request, response) => {
  heard.push(request.url ?? "");
  request
    .on("error", () => undefined)
    .resume()
    .on("end", () => setTimeout(() => response.end(`answer to ${request.url}`), request.url === "/slow" ? 200 : 0));
};

beforeAll(async () => {
  listening = await listen(answering, 0, "127.0.0.1");
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  const drained = listening.drain();
  listening.cut();
  await drained;
});

/** What came back until the connection was closed, which it must be within 3 s. */
async function send(bytes: string | Buffer): Promise<string> {
  heard.length = 0;
  const socket = connect(Number(new URL(listening.url).port), "127.0.0.1");
  sockets.push(socket);
  let said = "";
  socket.on("data", (piece: Buffer) => (said += piece.toString())).on("error", () => undefined);
  socket.write(bytes);
  const late = new Promise<string>((resolve) => setTimeout(resolve, 3_000, "open"));
  const closed = once(socket, "close").then(() => "closed");
  expect([await Promise.race([closed, late]), said]).toEqual(["closed", said]);
  return said;
}

const HOST = "host: x\r\n";
const headers = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}: 1\r\n`).join("");

it.each<[string, string, number, string]>([
  ["a tunnel", `CONNECT x:443 HTTP/1.1\r\n${HOST}\r\n`, 405, "method-not-allowed"],
  ["two Hosts", `GET / HTTP/1.1\r\n${HOST}Host: y\r\n\r\n`, 400, "malformed"],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400, "malformed"],
  [
    "length and chunks",
    `POST / HTTP/1.1\r\n${HOST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    "malformed",
  ],
  ["two lengths", `POST / HTTP/1.1\r\n${HOST}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`, 400, "malformed"],
  ["a length that is none", `POST / HTTP/1.1\r\n${HOST}content-length: -1\r\n\r\n`, 400, "malformed"],
  ["chunks below chunks", `POST / HTTP/1.1\r\n${HOST}transfer-encoding: chunked, identity\r\n\r\n`, 400, "malformed"],
  ["a header without a name", `GET / HTTP/1.1\r\n${HOST}: 1\r\n\r\n`, 400, "malformed"],
  ["a header with NUL", `GET / HTTP/1.1\r\n${HOST}x: a\0b\r\n\r\n`, 400, "malformed"],
  ["a folded header", `GET / HTTP/1.1\r\n${HOST}x: a\r\n b\r\n\r\n`, 400, "malformed"],
  ["an address with NUL", `GET /\0 HTTP/1.1\r\n${HOST}\r\n`, 400, "malformed"],
  ["no method", ` / HTTP/1.1\r\n${HOST}\r\n`, 400, "malformed"],
  ["another protocol", `\x16\x03\x01\x02\x00\x01\x00`, 400, "malformed"],
  ["a hundred and one headers", `GET / HTTP/1.1\r\n${HOST}${headers(100)}\r\n`, 431, "headers-too-large"],
  ["a thousand headers", `GET / HTTP/1.1\r\n${HOST}${headers(1_000)}\r\n`, 431, "headers-too-large"],
  ["a header of 20 KB", `GET / HTTP/1.1\r\n${HOST}x: ${"y".repeat(20_000)}\r\n\r\n`, 431, "headers-too-large"],
  ["an address of 20 KB", `GET /${"y".repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431, "headers-too-large"],
])("%s is a problem that closes the connection, and reaches nobody", async (_, bytes, status, name) => {
  const [head = "", body = ""] = (await send(bytes)).split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z][A-Za-z ]+\\r\\n`));
  expect(head).toMatch(/^connection: close$/im);
  expect(head).toMatch(/^content-type: application\/problem\+json$/im);
  const size = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? body.length);
  expect(Buffer.byteLength(body)).toBeGreaterThanOrEqual(size);
  expect(body).toContain(`"type":"urn:picklepod:problem:${name}","title":`);
  expect(heard).toEqual([]);
});

it("takes a hundred headers", async () => {
  const said = await send(`GET /many HTTP/1.1\r\n${HOST}connection: close\r\n${headers(98)}\r\n`);
  expect([said.slice(0, 15), heard]).toEqual(["HTTP/1.1 200 OK", ["/many"]]);
});

it("needs no Host of HTTP/1.0", async () => {
  expect(await send("GET /old HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 OK/);
});

it("answers what came before the bad bytes first", async () => {
  const said = await send(`GET /slow HTTP/1.1\r\n${HOST}\r\nGET /second HTTP/1.1\r\n${HOST}\r\nnonsense\r\n\r\n`);
  expect(said.match(/answer to \/[a-z]+|HTTP\/1\.1 \d+/g)).toEqual([
    "HTTP/1.1 200",
    "answer to /slow",
    "HTTP/1.1 200",
    "answer to /second",
    "HTTP/1.1 400",
  ]);
});

it("ends a body whose chunks are none, and whose answer has not begun", async () => {
  const said = await send(`POST /cut HTTP/1.1\r\n${HOST}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n`);
  expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(heard).toEqual(["/cut"]);
});
