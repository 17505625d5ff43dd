// A client that begins a request and never ends it.
import { connect } from "node:net";

const PATIENCE_MS = 90_000;

/** "right" where the connection is closed on it. */
export function cutOff(origin) {
  const { hostname: host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) }, () =>
      socket.write("POST /predict HTTP/1.1\r\nHost: x\r\nX-Slow: "),
    );
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`half a header was held open for ${PATIENCE_MS / 1000} s`));
    }, PATIENCE_MS);
    socket.on("error", () => undefined).resume();
    socket.on("close", () => {
      clearTimeout(late);
      resolve("right");
    });
  });
}
