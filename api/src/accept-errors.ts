import type { Log } from "./supervise/log";

const EVERY_MS = 60_000;

/** Where a firewall forbids it, or memory is short, each connection is an error: a line at once, then one a minute for all. */
export function tellAcceptErrors(log: Pick<Log, "error">, what: string): (error: Error) => void {
  let times = 0;
  let last: Error;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    log.error({ err: last, what, times }, `connections to ${what} could not be accepted: ${last.message}`);
    times = 0;
    timer = setTimeout(() => {
      timer = undefined;
      if (times > 0) tell();
    }, EVERY_MS).unref();
  };
  return (error) => {
    times += 1;
    last = error;
    if (timer === undefined) tell();
  };
}
