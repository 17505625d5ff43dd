import type { RequestListener } from "node:http";
import { isIP } from "node:net";

import { Problem } from "../problems";
import type { Settings } from "../settings";
import { type OnRefused, refuseAtOnce } from "../write-unread";
import { isLooking, tellAction } from "./audit";
import { countedAs } from "./limits/caller-address";
import type { Log } from "./log";
import { isLoopback } from "./strangers";

/**
 * A page may have its own name changed to this machine's address (DNS rebinding), and is then of the same origin. So who
 * answers this machine alone, and asks for no key, answers to names that no page of the internet can have.
 */
export function refuseForeignHosts(
  handler: RequestListener,
  { HOST: own, API_KEYS_FILE: keys, TRUSTED_PROXIES: proxies }: Settings,
  onRefused: OnRefused,
  log: Log,
): RequestListener {
  const isOwnMachines = own === "localhost" || isLoopback(own);
  if (!isOwnMachines || keys !== "" || proxies.length > 0) return handler;
  return (request, response) => {
    const { host = "" } = request.headers;
    if (isHome(host, own)) handler(request, response);
    else {
      const { url = "", socket } = request;
      const address = countedAs(socket.remoteAddress);
      if (url.startsWith("/admin/") && !isLooking(request))
        tellAction(log, request, response, { address, key: undefined });
      refuseAtOnce(response, foreign(), onRefused);
    }
  };
}

/** An address, or a name without a dot: neither can be bought, and turned to another address. */
function isHome(host: string, own: string): boolean {
  if (host.startsWith("[")) return true;
  const name = host.replace(/:\d*$/, "").toLowerCase();
  return !name.includes(".") || name.endsWith(".localhost") || name === own || isIP(name) !== 0;
}

const foreign = (): Problem =>
  new Problem("forbidden", {
    detail:
      "The Host header has a name that is not this machine's. Without API keys the server answers as localhost or by its address, " +
      "so that no web page can reach it under a name of its own. Set API_KEYS_FILE; or TRUSTED_PROXIES, where a proxy passes its " +
      "callers' Host on: see docs/access.md.",
  });
