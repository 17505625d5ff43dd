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
