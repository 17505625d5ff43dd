import { compile } from "proxy-addr";
import { z } from "zod";

/** Whose calls are counted, and what of them. */
export interface RateLimit {
  readonly who: "key" | "address";
  readonly what: "requests" | "rows";
  readonly most: number;
  readonly seconds: number;
}

const file = z.string().default("");
const PORT = /^\d+$/;
const REDIS_URL_FORM =
  "redis://<host>:<port>, or rediss:// with TLS; in a user or password, percent-encode what is neither letter nor digit";

/** The settings that say who comes in: part of settings.ts. An empty text means that there is none. */
export const accessSettings = {
  /** Made with `picklepod key new`. Where it is set, callers need a key. */
  API_KEYS_FILE: file,
  /** `key:requests=600/60s,address:rows=100000/60s` */
  RATE_LIMITS: z.string().default("").transform(readRateLimits),
  /** Where the counts are kept that several processes share; here, where there is none. */
  RATE_LIMIT_REDIS_URL: z
    .string()
    .refine((url) => url === "" || isRedisUrl(url), REDIS_URL_FORM)
    .default(""),
  /** Proxies whose X-Forwarded-For is believed: addresses, networks, or loopback, linklocal, uniquelocal. */
  TRUSTED_PROXIES: z.string().default("").transform(readNetworks),
  TLS_CERT_FILE: file,
  TLS_KEY_FILE: file,
  /** Origins whose pages may call: `https://shop.example,https://admin.example`, or `*`. */
  CORS_ORIGINS: z.string().default("").transform(readOrigins),
  /** Where it is set, the control plane stands there and not on PORT. */
  ADMIN_PORT: z
    .string()
    .regex(PORT, "a whole number")
    .transform(Number)
    .refine((port) => port <= 65535, "a port, 0 to 65535")
    .optional(),
  /** What sidecars know the API by; made at each start for those that it starts itself. */
  SIDECAR_TOKEN: z
    .string()
    .regex(/^([\x21-\x7e]{16,})?$/, "16 or more visible ASCII characters, such as `openssl rand -hex 32` prints")
    .default(""),
  SIDECAR_TOKEN_FILE: file,
};

/** Of these, an error must not repeat the value. */
export const secretSettings: ReadonlySet<string> = new Set(["SIDECAR_TOKEN", "RATE_LIMIT_REDIS_URL"]);

type Given = z.output<z.ZodObject<typeof accessSettings>>;

/** What is wrong between settings that are each well. */
export function checkTogether(given: Given & { readonly V2_PASSTHROUGH: boolean }, context: z.RefinementCtx): void {
  const wrong = (name: keyof Given, message: string): void => {
    context.addIssue({ code: "custom", path: [name], message });
  };
  if (given.TLS_CERT_FILE !== "" && given.TLS_KEY_FILE === "") wrong("TLS_KEY_FILE", "the key of TLS_CERT_FILE");
  if (given.TLS_KEY_FILE !== "" && given.TLS_CERT_FILE === "")
    wrong("TLS_CERT_FILE", "the certificate of TLS_KEY_FILE");
  if (given.API_KEYS_FILE === "" && given.RATE_LIMITS.some(({ who }) => who === "key"))
    wrong("RATE_LIMITS", "limits by key need API_KEYS_FILE; without keys, limit by address");
  if (given.V2_PASSTHROUGH && given.RATE_LIMITS.some(({ what }) => what === "rows"))
    wrong(
      "RATE_LIMITS",
      "raw inference, which V2_PASSTHROUGH lets through, has no rows that could be counted; limit requests, or leave one out",
    );
  if (given.RATE_LIMIT_REDIS_URL !== "" && given.RATE_LIMITS.length === 0)
    wrong("RATE_LIMIT_REDIS_URL", "there is nothing to count: set RATE_LIMITS too");
  if (given.SIDECAR_TOKEN !== "" && given.SIDECAR_TOKEN_FILE !== "")
    wrong("SIDECAR_TOKEN", "given twice: keep SIDECAR_TOKEN_FILE alone");
}

const LIMIT = /^(key|address):(requests|rows)=([1-9]\d{0,11})\/([1-9]\d{0,5})s$/;

function readRateLimits(text: string, context: z.RefinementCtx): readonly RateLimit[] {
  const limits = listed(text).map((one): RateLimit => {
    const [, who, what, most, seconds] = LIMIT.exec(one) ?? [];
    if (who === undefined)
      context.addIssue({
        code: "custom",
        message: `${one} is not <key or address>:<requests or rows>=<most>/<seconds>s, such as key:requests=600/60s`,
      });
    return {
      who: who === "key" ? "key" : "address",
      what: what === "rows" ? "rows" : "requests",
      most: Number(most),
      seconds: Number(seconds),
    };
  });
  const counters = limits.map(({ who, what, seconds }) => `${who}:${what} in ${seconds}s`);
  const twice = counters.find((counter, i) => counters.indexOf(counter) !== i);
  if (twice !== undefined)
    context.addIssue({ code: "custom", message: `two limits of ${twice} would count each call twice; keep the lower` });
  return limits;
}

/** As the client of Redis reads it, which throws where it cannot. */
function isRedisUrl(url: string): boolean {
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url)) return false;
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** The texts alone: a function compared with another would never be the same. */
function readNetworks(text: string, context: z.RefinementCtx): readonly string[] {
  const networks = listed(text);
  for (const network of networks) {
    try {
      compile([network]);
    } catch {
      context.addIssue({ code: "custom", message: `${network} is no address, and no network such as 10.0.0.0/8` });
    }
  }
  return networks;
}

function readOrigins(text: string, context: z.RefinementCtx): readonly string[] {
  const origins = listed(text);
  for (const origin of origins) {
    if (origin === "*" || (URL.canParse(origin) && new URL(origin).origin === origin)) continue;
    context.addIssue({ code: "custom", message: `${origin} is no origin, such as https://shop.example; no path, no / at its end` }); // prettier-ignore
  }
  return origins;
}

const listed = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
