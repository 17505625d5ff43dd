// A connection on which something is done once a second.
import { connect } from "node:net";

/** @param begin called with the socket; what it returns is done again and again. */
export function slowSocket(url, begin) {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port) }).on("error", () => undefined); // being cut may be told as a reset
  return { socket, slowly: setInterval(begin(socket), 1_000) };
}

export function stopAll(ones) {
  for (const { socket, slowly } of ones) {
    clearInterval(slowly);
    socket.destroy();
  }
}
