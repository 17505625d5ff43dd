// One run of a test: it has its time, and whatever it has started is stopped when it is over, however that comes about.

/** Longer than any test takes; one that needs more says so by its own patienceMs. */
export const PATIENCE_MS = 30 * 60_000;

/** What a run has started, from the moment at which each is spawned. */
export function whatIsStarted() {
  const all = new Set();
  let isOver = false;
  return {
    /** Of a run that is over nobody would stop it any more. */
    add(one) {
      all.add(one);
      if (!isOver) return one;
      void one.stop();
      throw new Error("the run is over: nothing more is started");
    },
    async stopAll() {
      isOver = true;
      await Promise.all([...all].map((one) => one.stop()));
    },
  };
}

/** Rejects where `work` has not ended in time. What it still does then has no effect: nothing that it started is left. */
export async function inTime(work, withinMs) {
  let late;
  const tooLate = new Promise((_, reject) => {
    const error = new Error(`no end within ${(withinMs / 60_000).toFixed(0)} minutes`);
    late = setTimeout(reject, withinMs, error);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(late);
  }
}

/** Ctrl-C, a kill and the end of the terminal: `stopAll`, and the end. */
export function stopWhenTold(stopAll) {
  const end = async (signal) => {
    process.stderr.write(`${signal}: stopping what was started\n`);
    await stopAll();
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void end(signal));
}
