// Ends, holds and wakes a server with everything that it started.
const STOP_MS = 5_000;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asked first, so that it can end what it started; what is still there then is killed. */
export async function stop(family) {
  wake(family); // what is held cannot end
  const asked = family.living().filter(({ pid }) => pid === family.rootPid);
  signalTo(asked, "SIGTERM");
  if (await gone(family, STOP_MS)) return;
  signalTo(family.living(), "SIGKILL");
  await gone(family, STOP_MS);
}

/** Takes no CPU until it is woken. */
export const hold = (family) => signalTo(family.living(), "SIGSTOP");
export const wake = (family) => signalTo(family.living(), "SIGCONT");

async function gone(family, withinMs) {
  for (const begun = performance.now(); performance.now() - begun < withinMs; await wait(100)) {
    if (family.living().length === 0) return true;
  }
  return false;
}

function signalTo(members, signal) {
  for (const { pid } of members) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== "ESRCH") throw error; // it has just ended
    }
  }
}
