import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { noObserver } from "../observer";
import { watchFolders } from "../swap/watch-folders";
import { createKeeper, reloadAndTell } from "./keeper";
import type { Role } from "./role";

jest.mock("../swap/watch-folders");

it.each(["the end of reloading", "the stop"])("%s ends the watch too", async (which) => {
  const unwatch = jest.fn();
  jest.mocked(watchFolders).mockReturnValue(unwatch);
  const quiet = (): void => undefined;
  const role = {
    settings: { STATE_DIR: mkdtempSync(join(tmpdir(), "state-")), SIDECARS: 1, SIDECAR_URLS: new Map() },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    selection: ["all"],
    read: { bundles: [], folders: new Map(), refused: new Map(), refusedDefault: undefined },
    watch: true,
  } as unknown as Role;
  const keeper = createKeeper(role, { observer: noObserver });
  const reloading = keeper.reloadBy(() => Promise.resolve({ drained: Promise.resolve() }));
  expect([jest.mocked(watchFolders).mock.calls.length, unwatch.mock.calls.length]).toEqual([1, 0]);
  if (which === "the stop") await keeper.stop();
  else reloading.end();
  expect(unwatch).toHaveBeenCalled();
  await expect(reloading.reload("watch")).rejects.toMatchObject({ status: 503 });
  jest.mocked(watchFolders).mockReset();
});

it("of bundles that could not be read again, a log of errors alone has who asked for it and why", async () => {
  const said: unknown[] = [];
  const log = {
    error: (fields: object, text: string) => void said.push({ ...fields, text }),
  } as unknown as Role["log"];
  const why = new Error("the thread ended");
  await reloadAndTell({ reload: () => Promise.reject(why) }, "SIGHUP", log);
  const text = "the bundles could not be read again; those that serve stay";
  expect(said).toEqual([{ audit: true, who: "SIGHUP", action: "reload", outcome: "failed", err: why, text }]);
});
