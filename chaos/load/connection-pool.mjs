// The load's connections to one server.
import { LeanConnection } from "./lean-connection.mjs";
import { waitingLine } from "./waiting-line.mjs";

/** So many are opened at once where all are before the load begins: a server at rest takes them in at its pace. */
const OPENED_AT_ONCE = 64;

/**
 * Kept connections, the latest used first, so that few stay open. Who finds none free opens one, as a client of its own would, while
 * there are fewer than `most`, and waits in line where there are as many.
 *
 * @param addresses from how many addresses of this machine it connects, by turns: each has its own ports
 * A caller is {use(connection), hasLeft}.
 */
export function connectionPool({ hostname: host, port }, most, addresses = 1) {
  const [free, line] = [[], waitingLine()];
  let [open, opened] = [0, 0];
  const take = (caller) => {
    for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
      if (connection.isOpen) return caller.use(connection);
    }
    if (open < most) caller.use(connect());
    else line.add(caller);
  };
  const closed = () => {
    open -= 1;
    const next = line.next();
    if (next) take(next);
  };
  const connect = () => {
    open += 1;
    return new LeanConnection({ host, port: Number(port), localAddress: addressOf(opened++ % addresses) }, closed);
  };
  const giveBack = (connection) => {
    if (!connection.isOpen) return;
    const next = line.next();
    if (next) next.use(connection);
    else free.push(connection);
  };
  const openAll = async () => {
    while (open < most) {
      const some = Array.from({ length: Math.min(OPENED_AT_ONCE, most - open) }, connect);
      await Promise.all(
        some.map(({ socket }) => new Promise((done) => socket.once("connect", done).once("close", done))),
      );
      if (!some.every(({ isOpen }) => isOpen)) throw new Error(`${host}:${port} does not keep ${most} connections`);
      free.push(...some);
    }
  };
  return { take, giveBack, openAll, close: () => free.forEach((connection) => connection.leave()) };
}

/** The first is whichever the system takes. All of 127.0.0.0/8 is this machine, where it runs Linux. */
const addressOf = (index) => (index === 0 ? undefined : `127.0.0.${index + 1}`);
