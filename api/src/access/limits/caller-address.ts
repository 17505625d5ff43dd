import type { IncomingMessage } from "node:http";

import ipaddr from "ipaddr.js";
import { all, compile } from "proxy-addr";

import type { Log } from "../log";

/** Where a call comes from, as far as proxies can be believed. */
export function callerAddress(trustedProxies: readonly string[], log: Log): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return ({ socket }) => ofSocket(socket);
  const trust = compile([...trustedProxies]);
  const isTrusted = (entry: string, hops: number): boolean => trust(withoutPort(entry), hops);
  const tell = unreadableTeller(log);
  return (request) => {
    const [caller = "", ...nearer] = all(request, isTrusted).map(withoutPort).reverse();
    if (ipaddr.isValid(caller)) return countedAs(caller);
    const nearest = nearer.find(ipaddr.isValid);
    if (nearest !== undefined) tell(caller, nearest);
    return countedAs(nearest);
  };
}

/** Some proxies write `192.0.2.1:5678`, `[2001:db8::1]:443`, or the brackets alone. */
function withoutPort(entry = ""): string {
  const [, inBrackets, beforePort] = WITH_PORT.exec(entry) ?? [];
  return inBrackets ?? beforePort ?? entry;
}

const WITH_PORT = /^\[(.+)\](?::\d+)?$|^(\d+(?:\.\d+){3}):\d+$/;

/** Once in a process: it is the way that a proxy is set up, and comes with every call. */
function unreadableTeller(log: Log): (entry: string, nearest: string) => void {
  let isTold = false;
  return (entry, nearest) => {
    if (isTold) return;
    isTold = true;
    log.warn(
      { entry: entry.slice(0, LONGEST_TOLD), proxy: nearest },
      "a proxy of TRUSTED_PROXIES tells no address of its caller in X-Forwarded-For: such callers count together, as that proxy",
    );
  };
}

const LONGEST_TOLD = 100;

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
