import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { measureInvariance } from "./measure-invariance";

/** A server whose answers depend on how many rows a call has: what the measure is there to find. */
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const rows = JSON.parse(body) as number[];
      const odd = rows.length === 7 ? "-0" : "0"; // equal as numbers, not as bits
      response.end(`{"predictions":[${rows.map((row) => (row < 10 ? odd : row)).join(",")}]}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it("counts the rows whose prediction differs in any bit, by manner of sending", async () => {
  const rows = Array.from({ length: 70 }, (_, i) => String(i));
  const measured = await measureInvariance(url, rows, 1_000);
  const differing = Object.fromEntries(measured.map(({ mode, differing }) => [mode, differing]));
  expect(differing).toEqual({
    "calls of 70": 0,
    "alone, one after another": 0,
    "alone, 64 at a time": 0,
    "batches of 2": 0,
    "batches of 3": 0,
    "batches of 7": 10,
    "batches of 32": 0,
    "batches of 256": 0,
    permuted: 0,
    "permuted, batches of 7": 10,
  });
});
