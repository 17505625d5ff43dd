import { z } from "zod";

import { accessSettings, checkTogether, secretSettings } from "./access-settings";
import { project } from "./project";

const flag = z.enum(["0", "1"]).transform((text) => text === "1");
const AN_HOUR = 3_600_000;
const whole = z.string().regex(/^\d+$/, "a whole number").transform(Number);

/** Every setting, from the environment. docs/settings.md is its reference. */
const settingsSchema = z.object({
  PORT: whole.refine((port) => port <= 65535, "a port, 0 to 65535").default(8080),
  HOST: z.string().min(1).default("127.0.0.1"),
  /** `all`, names of folders in models/, or paths of bundles, between commas; the first is the default bundle. */
  MODELS: z.string().min(1).default("classification"),
  /** Where sidecars are that something else starts: `classification=http://127.0.0.1:9101,…`. */
  SIDECAR_URLS: z.string().default("").transform(parseUrls),
  /** Where trained artifacts and caches are kept. */
  STATE_DIR: z.string().min(1).default(project.stateFolder),
  SEED_PORTS: flag.default(false),
  V2_PASSTHROUGH: flag.default(false),
  REQUEST_TIMEOUT_MS: whole.refine((ms) => ms > 0 && ms <= AN_HOUR, "1 to 3600000, an hour").default(1000),
  BODY_LIMIT_MB: whole
    .refine((size) => size > 0 && size <= 512, "1 to 512, the longest text that V8 holds")
    .default(32),
  MAX_ROWS_WAITING: whole.refine((rows) => rows > 0, "1 or more").default(50_000),
  /** Sidecars of each environment. */
  SIDECARS: whole.refine((count) => count > 0 && count <= 64, "1 to 64").default(1),
  /** Processes of the API, which share the port and the sidecars. */
  WORKERS: whole.refine((count) => count > 0 && count <= 64, "1 to 64").default(1),
  DRAIN_TIMEOUT_MS: whole.refine((ms) => ms <= AN_HOUR, "0 to 3600000, an hour").default(15_000),
  /** 0: nothing is counted, and /metrics is not there. */
  METRICS: flag.default(true),
  LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
  ...accessSettings,
});
export const settingNames = Object.keys(settingsSchema.shape);
export type Settings = z.output<typeof settingsSchema> & { readonly env: Readonly<NodeJS.ProcessEnv> };

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** @throws SettingsError with a line for each setting that is wrong */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const set = Object.fromEntries(Object.keys(settingsSchema.shape).map((name) => [name, environment[name] === "" ? undefined : environment[name]])); // prettier-ignore
  const parsed = settingsSchema.superRefine(checkTogether).safeParse(set);
  if (parsed.success) return { ...parsed.data, env: environment };
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = secretSettings.has(name) ? "…" : (environment[name] ?? "");
    return `${name}=${value}: ${issue.message}. See docs/settings.md.`;
  });
  throw new SettingsError(lines.join("\n"));
}

function parseUrls(text: string, context: z.RefinementCtx): ReadonlyMap<string, string> {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  return new Map(
    pairs.map((pair) => {
      const [, name = "", url = ""] = /^\s*([a-z0-9-]+)=(http:\/\/\S+?)\/?\s*$/.exec(pair) ?? [];
      if (name === "") context.addIssue({ code: "custom", message: `${pair} is not <bundle>=http://<host>:<port>` });
      return [name, url];
    }),
  );
}
