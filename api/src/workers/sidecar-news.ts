import type { SupervisorState } from "../supervise/supervisor";

/** What the primary process tells its workers of the sidecars that it keeps: the bundle by its name, its sidecar by its number. */
export type SidecarNews =
  | { readonly kind: "listening"; readonly bundle: string; readonly number: number; readonly url: string }
  | { readonly kind: "state"; readonly bundle: string; readonly number: number; readonly state: SupervisorState };

export const isSidecarNews = (message: unknown): message is SidecarNews =>
  typeof message === "object" && message !== null && "kind" in message && "bundle" in message;
