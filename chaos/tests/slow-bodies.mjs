// Bodies that come byte by byte: each is told that it took too long, and its connection closed.
import { msUntil } from "../servers/until.mjs";
import { slowSocket, stopAll } from "./slow-socket.mjs";

export const BODIES = 100;
/** A body has 60 s (slow-clients.ts); the rest is for looking once a second, and for a busy machine. */
export const BODY_CUT_WITHIN_MS = 65_000;
/** More than come while anybody waits for it. */
const LENGTH = 1_000;

export function slowBodies(url) {
  const begun = performance.now();
  const ones = Array.from({ length: BODIES }, () => slowBody(url));
  const stillOpen = () => ones.filter(({ socket }) => !socket.destroyed).length;
  const end = async () => {
    await msUntil(BODY_CUT_WITHIN_MS - (performance.now() - begun), () => stillOpen() === 0, 100);
    const cutMs = stillOpen() === 0 ? Math.max(...ones.map(({ closedAt }) => closedAt())) - begun : Infinity;
    stopAll(ones);
    return { cutMs, told: ones.filter(({ heard }) => heard().startsWith("HTTP/1.1 408 ")).length };
  };
  return { stillOpen, end };
}

function slowBody(url) {
  let [heard, closedAt] = ["", NaN];
  const { pathname } = new URL(url);
  const one = slowSocket(url, (socket) => {
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${LENGTH}\r\n\r\n[`,
    );
    socket.on("data", (bytes) => (heard += bytes.latin1Slice()));
    socket.on("close", () => (closedAt = performance.now()));
    return () => socket.write(" ");
  });
  return { ...one, heard: () => heard, closedAt: () => closedAt };
}
