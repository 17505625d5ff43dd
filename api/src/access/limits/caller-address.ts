import type { IncomingMessage } from "node:http";

import ipaddr from "ipaddr.js";
import proxyAddress, { compile } from "proxy-addr";

/** Where a call comes from, as far as proxies can be believed. */
export function callerAddress(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return ({ socket }) => ofSocket(socket);
  const trust = compile([...trustedProxies]);
  return (request) => countedAs(proxyAddress(request, trust));
}

const known = new WeakMap<object, string>();

/** Read once a connection, which has many calls. */
function ofSocket(socket: IncomingMessage["socket"]): string {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const address = countedAs(socket.remoteAddress);
  known.set(socket, address);
  return address;
}

/** One line has a whole /64 of IPv6 to itself: its addresses count together, as one of IPv4 does. */
export function countedAs(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address); // an IPv4 address that is mapped into IPv6 is that IPv4 address
  if (parsed.kind() === "ipv4") return parsed.toString();
  const [a = 0, b = 0, c = 0, d = 0] = (parsed as ipaddr.IPv6).parts;
  return `${[a, b, c, d].map((part) => part.toString(16)).join(":")}::/64`;
}
