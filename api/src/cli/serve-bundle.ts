import { sidecarTokenOf } from "../access/sidecar-token";
import { createApp } from "../app";
import type { Bundle } from "../bundle/read-bundles";
import type { ServedBundle } from "../check/served-bundle";
import { listen } from "../listen";
import { noObserver } from "../observer";
import { createPod, localSidecars } from "../pod";
import { readSettings } from "../settings";
import { say } from "./terminal";
import { quietButForTheBox } from "./tools";

/** Artifacts are looked at here, and not how fast they are. */
const TIMEOUT_MS = 60_000;

/** One bundle as `npm start` serves it: the same app, the same supervision, on a free port of this machine alone. */
export async function serveBundle(bundle: Bundle): Promise<ServedBundle> {
  const own = { ...readSettings(), SIDECAR_URLS: new Map<string, string>() };
  const settings = { ...own, SIDECAR_TOKEN: sidecarTokenOf({ ...own, SIDECAR_TOKEN_FILE: "" }) };
  const endings: string[] = [];
  const onEnding = (_bundle: Bundle, reason: string): void => {
    endings.push(reason);
  };
  const startSidecars = localSidecars({ settings, log: quietButForTheBox(), onProgress: say });
  const pod = createPod({ settings, startSidecars, onEnding });
  const models = pod.add([bundle]);
  const [model] = models;
  if (!model) throw new RangeError("a pod has a model per bundle");
  const app = createApp({
    models,
    refused: new Map(),
    refusedDefault: undefined,
    isDraining: () => false,
    limits: { bodyBytes: settings.BODY_LIMIT_MB * 1024 * 1024, timeoutMs: TIMEOUT_MS },
    sidecarUrlOf: pod.sidecarUrlOf,
    rawInference: false,
    observer: noObserver,
  });
  const listening = await listen(app, 0, "127.0.0.1");
  return {
    url: listening.url,
    model,
    endings,
    stop: async () => {
      const closed = listening.drain();
      await pod.stop();
      await closed;
    },
  };
}
