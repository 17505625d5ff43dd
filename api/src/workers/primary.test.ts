import cluster from "node:cluster";

import { keepWorkers, type PrimaryOptions } from "./primary";

it("where a sidecar cannot be ended, the log says why, and the process ends with 1", async () => {
  const exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
  const error = jest.fn();
  const why = new Error("EROFS: read-only file system, rmdir '/state/kept-bundles/7'");
  const stop = keepWorkers({
    workers: 0,
    drainTimeoutMs: 0,
    workerEnv: {},
    stop: () => Promise.reject(why),
    log: { info: () => undefined, error },
  } as unknown as PrimaryOptions);
  stop("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(error.mock.calls).toEqual([[{ err: why }, `not everything could be ended: ${why.message}`]]);
  expect(exit).toHaveBeenCalledWith(1);
  exit.mockRestore();
});

it("the end waits for no worker that is dead already, though its channel is still open", async () => {
  const exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
  const dead = { isDead: () => true, once: jest.fn(), process: { kill: jest.fn() } };
  const before = cluster.workers;
  Object.assign(cluster, { workers: { 1: dead } });
  const stopped = jest.fn(() => Promise.resolve());
  const quiet = (): void => undefined;
  const stop = keepWorkers({
    ...{ workers: 0, drainTimeoutMs: 0, workerEnv: {}, stop: stopped, log: { info: quiet, error: quiet } },
  } as unknown as PrimaryOptions);
  stop("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([stopped.mock.calls.length, dead.process.kill.mock.calls.length]).toEqual([1, 0]);
  Object.assign(cluster, { workers: before });
  exit.mockRestore();
});
