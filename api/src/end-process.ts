import type { Log } from "./supervise/log";

/** The last that a process does: where it fails, whatever it leaves open keeps nobody, and who started the process learns it. */
export async function endProcess(ending: Promise<void>, log: Log): Promise<void> {
  try {
    await ending;
    log.info({}, "ended");
  } catch (error) {
    log.error({ err: error }, `not everything could be ended: ${(error as Error).message}`);
    process.exit(1);
  }
}
