import type { IncomingMessage } from "node:http";

import { refuseStrangers } from "./strangers";

function order(remoteAddress: string | undefined, host: string, headers = {}): () => void {
  const request: unknown = { headers, httpVersion: "1.1", socket: { remoteAddress } };
  return () => {
    refuseStrangers(request as IncomingMessage, host);
  };
}

it.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "::"],
  ["::ffff:127.0.0.1", "::"],
  ["10.0.0.5", "10.0.0.5"], // the machine's own, which alone is listened at
])("takes orders of this machine, which calls from %s at HOST %s", (remote, host) => {
  expect(order(remote, host)).not.toThrow();
});

it.each([
  ["10.0.0.6", "10.0.0.5"],
  ["10.0.2.100", "0.0.0.0"], // a container's own, from which all callers may seem to come
  ["::ffff:10.0.0.6", "::"],
  [undefined, "0.0.0.0"], // one that has gone
])("takes none of another, which calls from %s at HOST %s", (remote, host) => {
  expect(order(remote, host)).toThrow("from the server's own machine alone");
});

it("takes none that a page or a proxy of this machine brings", () => {
  expect(order("10.0.0.5", "10.0.0.5", { origin: "https://evil.example" })).toThrow("own machine alone");
});
