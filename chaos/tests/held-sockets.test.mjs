import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, test } from "node:test";

import { msUntil, pause } from "../servers/until.mjs";
import { watchHeld } from "./held-sockets.mjs";

const accepted = [];
const server = createServer({ pauseOnConnect: true }, (socket) => accepted.push(socket.on("error", () => undefined)));
await once(server.listen(0, "127.0.0.1"), "listening");
after(() => server.close());
const { port } = server.address();

test("one that is held is not cut, and one that is cut while it has much to read is", async () => {
  const held = watchHeld(`http://127.0.0.1:${port}`);
  const clients = [1, 2].map(() =>
    connect({ host: "127.0.0.1", port })
      .pause()
      .on("error", () => undefined),
  );
  for (const client of clients) held.add(client);
  await Promise.all(clients.map((client) => once(client, "connect")));
  await pause(250);
  assert.equal(held.cutMs(), Infinity);
  for (const socket of accepted) socket.write(Buffer.alloc(20_000_000));
  accepted[0].destroy();
  await pause(250);
  assert.equal(held.areCut(), false);
  accepted[1].destroy();
  assert.ok((await msUntil(10_000, held.areCut)) < 10_000);
  assert.ok(held.cutMs() >= 250 && held.cutMs() < Infinity);
  held.stop();
  for (const client of clients) client.destroy();
});
