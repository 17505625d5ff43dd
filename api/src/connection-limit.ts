import type { Server, Socket } from "node:net";

import { mostConnections } from "./file-limit";

/** The files are the process's: so is the count of those that are connections, whatever port they came to. */
let open = 0;

/**
 * How many connections a port takes depends on how many the others have: together they are never more than there are
 * files for. The last that finds room ends one that is idle, if there is one, so that the next finds room too: connections
 * that somebody keeps for nothing keep nobody out.
 *
 * @param longestIdle of this port
 * @param spare this many are left for other ports
 * @throws FileLimitError
 */
export function limitConnections(
  server: Server,
  longestIdle: () => Socket | undefined,
  spare = 0,
  most = mostConnections(),
): void {
  if (most === undefined) return;
  let own = 0;
  const mostOwn = (): number => Math.max(0, most - spare - (open - own));
  server.on("connection", (socket) => {
    own += 1;
    open += 1;
    socket.on("close", () => {
      own -= 1;
      open -= 1;
    });
    if (own >= mostOwn()) longestIdle()?.destroySoon();
  });
  // asked by Node at each connection, and compared with what this server has
  Object.defineProperty(server, "maxConnections", { get: mostOwn });
}
