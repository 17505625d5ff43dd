import type { Reloader } from "../swap/reloader";
import type { Role } from "./role";
import { reloadAndTell } from "./keeper";

it("of bundles that could not be read again, a log of errors alone has who asked for it and why", async () => {
  const said: unknown[] = [];
  const log = {
    error: (fields: object, text: string) => void said.push({ ...fields, text }),
  } as unknown as Role["log"];
  const why = new Error("the thread ended");
  await reloadAndTell({ reload: () => Promise.reject(why) } as unknown as Reloader, "SIGHUP", log);
  const text = "the bundles could not be read again; those that serve stay";
  expect(said).toEqual([{ audit: true, who: "SIGHUP", action: "reload", outcome: "failed", err: why, text }]);
});
