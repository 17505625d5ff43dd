import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";

/** What a page or a proxy brings where it says so. */
const BROUGHT = /^(origin|forwarded|via|x-real-ip|x-forwarded-.*)$/;

/**
 * Where there are no keys, only this machine may steer the server: not another one, no page that a browser here has
 * open, and nobody behind a proxy that runs here, as far as it can be told: some proxies add nothing, but ask in HTTP/1.0,
 * which nothing of ours does.
 *
 * @param listensAt HOST: who calls from the one address that it may name is here. At a wildcard nobody can be told so, for what brings
 * callers into a container may have the container's own address.
 * @throws Problem forbidden
 */
export function refuseStrangers({ headers, httpVersion, socket }: IncomingMessage, listensAt: string): void {
  const isOwn = isLoopback(socket.remoteAddress) || socket.remoteAddress === listensAt;
  if (isOwn && httpVersion !== "1.0" && !Object.keys(headers).some((name) => BROUGHT.test(name))) return;
  throw new Problem("forbidden", {
    detail:
      "Without API keys, this is done from the server's own machine alone, as `picklepod reload` does. To do it from " +
      "elsewhere, set API_KEYS_FILE and send a key that has the scope control:reload: see docs/access.md.",
  });
}

export const isLoopback = (address = ""): boolean =>
  address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
