import cluster from "node:cluster";

import pino, { type Logger } from "pino";

import { AccessError } from "./access/access-error";
import { sidecarTokenOf } from "./access/sidecar-token";
import { findingText } from "./bundle/finding";
import { type BundlesRead, readBundles } from "./bundle/read-bundles";
import { FileLimitError } from "./file-limit";
import { PortError } from "./listen";
import { stdoutLog } from "./log-writes";
import { project } from "./project";
import { serveAlone } from "./roles/alone";
import { servePrimary } from "./roles/primary";
import { serveAsWorker } from "./roles/worker";
import { readSettings, type Settings, SettingsError } from "./settings";

/** What a person can mend by reading one message. */
class CannotStart extends Error {
  override readonly name = "CannotStart";
}

export interface Serve {
  /** Names of folders in models/, paths of bundles, or `all`; the setting MODELS where nothing is given. */
  readonly models?: readonly string[] | undefined;
  /** In place of the setting PORT. */
  readonly port?: number | undefined;
  /** Bundles that change on the disk are read again without being asked to. */
  readonly watch?: boolean | undefined;
}

/** Serves until a signal ends the process. Throws what a person can mend by reading one message: see isMendable. */
export async function serve(given: Serve): Promise<void> {
  const read = readSettings();
  const settings = { ...read, PORT: given.port ?? read.PORT, SIDECAR_TOKEN: sidecarTokenOf(read) };
  await serveWith(settings, given.models ?? read.MODELS.split(","), given.watch ?? false);
}

export const isMendable = (error: unknown): error is Error =>
  [CannotStart, SettingsError, PortError, FileLimitError, AccessError].some((kind) => error instanceof kind);

async function serveWith(settings: Settings, models: readonly string[], watch: boolean): Promise<void> {
  const log = pino({ level: settings.LOG_LEVEL }, stdoutLog());
  if (cluster.isWorker) return serveAsWorker(settings, log);
  const selection = models.map((word) => word.trim()).filter(Boolean);
  const read = readBundles(selection, project.modelsFolder);
  tellRefused(read, log);
  if (read.bundles.length === 0) throw new CannotStart("No bundle can be served.");
  const elsewhere = [...settings.SIDECAR_URLS.keys()].filter((name) => !isSelected(read, name));
  if (elsewhere.length > 0) {
    throw new CannotStart(
      `SIDECAR_URLS names ${elsewhere.join(", ")}, which MODELS does not select. Mend one of them.`,
    );
  }
  const role = { settings, log, selection, read, watch };
  if (settings.WORKERS === 1) return serveAlone(role);
  servePrimary(role);
}

const isSelected = ({ bundles, refused }: BundlesRead, name: string): boolean =>
  refused.has(name) || bundles.some((bundle) => bundle.name === name);

function tellRefused({ refused }: BundlesRead, log: Logger): void {
  for (const [name, findings] of refused) {
    for (const finding of findings)
      log.error({ model: name, ...finding }, `${name} does not serve: ${findingText(finding)}`);
  }
}
