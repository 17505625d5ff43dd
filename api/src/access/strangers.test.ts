import type { IncomingMessage } from "node:http";

import { refuseStrangers } from "./strangers";

const from =
  (remoteAddress: string, localAddress: string, headers = {}) =>
  (): void => {
    const request: unknown = { headers, httpVersion: "1.1", socket: { remoteAddress, localAddress } };
    refuseStrangers(request as IncomingMessage);
  };

it.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "::1"],
  ["::ffff:127.0.0.1", "::ffff:127.0.0.1"],
  ["10.0.0.5", "10.0.0.5"], // where HOST is an address of the machine's own
])("takes orders of this machine, which calls from %s at %s", (remote, local) => {
  expect(from(remote, local)).not.toThrow();
});

it.each([
  ["10.0.0.6", "10.0.0.5"],
  ["::ffff:10.0.0.6", "::ffff:10.0.0.5"],
])("takes none of another, which calls from %s at %s", (remote, local) => {
  expect(from(remote, local)).toThrow("from the server's own machine alone");
});

it("takes none that a page or a proxy of this machine brings", () => {
  expect(from("10.0.0.5", "10.0.0.5", { origin: "https://evil.example" })).toThrow("own machine alone");
});
