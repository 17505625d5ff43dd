import type { Logger } from "pino";

import type { BundlesRead } from "../bundle/read-bundles";
import type { Settings } from "../settings";

/** What a process is told that serves: alone, or as the primary of several. */
export interface Role {
  readonly settings: Settings;
  readonly log: Logger;
  /** `all`, names of folders in models/, or paths of bundles; the first is the default. */
  readonly selection: readonly string[];
  readonly read: BundlesRead;
  /** A bundle that changes on the disk is read again without being asked to. */
  readonly watch: boolean;
}
