// Bytes to a port as they are, for what no client library would send.
import { connect } from "node:net";

/**
 * @param pieces bytes, or a function that is called with the socket once it is connected
 * @returns {status: the answer's, or "none", closed: whether the server ended the connection, ms, text, sent}
 */
export function rawAsk(url, pieces, { patienceMs = 5_000, waitForClose = false } = {}) {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let text = "";
  return new Promise((resolve) => {
    let answeredMs;
    const settle = (closed) => {
      clearTimeout(timer);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]) || "none";
      const answer = { status, closed, text, sent: socket.bytesWritten, ms: answeredMs ?? performance.now() - begun };
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(settle, patienceMs, false);
    socket.on("connect", () => (typeof pieces === "function" ? pieces(socket) : socket.write(pieces)));
    socket.on("data", (chunk) => {
      text += chunk.latin1Slice();
      answeredMs ??= performance.now() - begun;
      if (!waitForClose && isWhole(text)) settle(false);
    });
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => settle(true));
  });
}

function isWhole(text) {
  const end = text.indexOf("\r\n\r\n");
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1]);
  return end !== -1 && text.length >= end + 4 + (length || 0);
}
