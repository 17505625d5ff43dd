// All servers of a run: started one after the other, shown to answer right, stopped together whatever happens.
import { root } from "../places.mjs";
import { checkAnswers } from "./check-answers.mjs";
import { startServer } from "./start-server.mjs";

export function createFleet({ bundle, rows, reference, tell }) {
  const [running, missing] = [[], []];
  const start = async (entry) => {
    tell(`starting ${entry.label}`);
    const server = await startServer(entry, { bundle, row: rows[0], tell });
    running.push(server);
    await checkAnswers(server, rows, reference);
    return server;
  };
  const stop = async (server) => {
    running.splice(running.indexOf(server), 1);
    await server.stop();
  };
  return {
    missing,
    start,
    stop,
    /** One that cannot be measured is told, never left out. */
    async tryStart(entry) {
      const before = running.length;
      try {
        return await start(entry);
      } catch (error) {
        const reason = error.message.replaceAll(root, ".");
        tell(`${entry.label}: ${reason}`);
        missing.push({ id: entry.id, label: entry.label, reason });
        for (const server of running.slice(before)) await stop(server);
        return undefined;
      }
    },
    stopAll: () => Promise.all(running.splice(0).map((server) => server.stop())),
  };
}

/** Ctrl-C, a kill and the end of patience stop what was started, by its pid. */
export function stopWhenTold(fleet, withinMs) {
  const end = async (why) => {
    process.stderr.write(`${why}: stopping the servers\n`);
    await fleet.stopAll();
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void end(signal));
  return setTimeout(() => void end(`no end within ${withinMs / 60_000} minutes`), withinMs);
}
