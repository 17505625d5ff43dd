import type { RequestHandler } from "express";

import { Problem } from "../problems";

/** What became of a bundle when the bundles were read again. */
export interface ReloadOutcome {
  readonly model: string;
  /** `live`: it answers from now on; `refused`: it does not, and the one before it, if any, still does; `removed`: it is gone. */
  readonly outcome: "live" | "unchanged" | "refused" | "removed";
  /** Of what answers now. */
  readonly digest: string | null;
  readonly reason?: string;
}

/** Why what lies in a bundle's folder does not answer in place of the one that does. */
export interface RefusedReload {
  readonly at: string;
  readonly reason: string;
}

/** POST /admin/reload: reads the bundles again, and answers when each has gone live or was refused. */
export function reloadRoute(reload: () => Promise<readonly ReloadOutcome[]>): RequestHandler {
  return async (_request, response) => {
    const bundles = await reload();
    const refused = bundles.filter(({ outcome }) => outcome === "refused");
    if (refused.length === 0) {
      response.json({ bundles });
      return;
    }
    const detail = refused.map(({ model, reason = "" }) => `${model}: ${reason}`).join("\n");
    throw new Problem("reload-refused", { detail, more: { bundles } });
  };
}
