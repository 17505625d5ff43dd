import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { pause } from "../servers/until.mjs";

/** The clients' process: it runs for so many seconds, ends what it began, and says what it counted. */
export function startClients(job) {
  const child = fork(join(import.meta.dirname, "clients.mjs"), [JSON.stringify(job)]);
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the clients ended with ${code}`);
  });
  failed.catch(() => undefined); // who waits for a message hears of it
  const said = async (word) => {
    child.send(word);
    const [message] = await Promise.race([once(child, "message"), failed]);
    return message;
  };
  return {
    run: async (seconds) => {
      await said("run");
      await Promise.race([pause(seconds * 1000), failed]);
      return said("rest");
    },
    end: () => child.kill(),
  };
}
