import type { RequestListener } from "node:http";
import type { Socket } from "node:net";

import { listen, type Listening } from "../src/listen";

/** A port as Picklepod opens them. */
export const openPort = (handler: RequestListener): Promise<Listening> => listen(handler, 0, "127.0.0.1");

/** Ends a test's port, whatever still goes on there, behind the test's own connections. */
export async function cutPort(listening: Listening, sockets: Socket[] = []): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  const drained = listening.drain();
  listening.cut();
  await drained;
}
