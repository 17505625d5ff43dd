import { project } from "./project";
import { settingsErrorOf } from "../test/settings-error";
import { readSettings } from "./settings";

const DEFAULTS = {
  PORT: 8080,
  HOST: "127.0.0.1",
  MODELS: "classification",
  SIDECAR_URLS: new Map(),
  STATE_DIR: project.stateFolder,
  SEED_PORTS: false,
  V2_PASSTHROUGH: false,
  REQUEST_TIMEOUT_MS: 1000,
  BODY_LIMIT_MB: 32,
  MAX_ROWS_WAITING: 50_000,
  SIDECARS: 1,
  WORKERS: 1,
  DRAIN_TIMEOUT_MS: 15_000,
  LOG_LEVEL: "info",
  METRICS: true,
  API_KEYS_FILE: "",
  RATE_LIMITS: [],
  RATE_LIMIT_REDIS_URL: "",
  TRUSTED_PROXIES: [],
  TLS_CERT_FILE: "",
  TLS_KEY_FILE: "",
  CORS_ORIGINS: [],
  SIDECAR_TOKEN: "",
  SIDECAR_TOKEN_FILE: "",
};

it("has a default for every setting, which an empty text means too", () => {
  expect(readSettings({})).toEqual({ ...DEFAULTS, env: {} });
  const empty = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, ""]));
  expect(readSettings(empty)).toEqual({ ...DEFAULTS, env: empty });
});

it("reads every setting, and hands the rest of the environment on", () => {
  const env = {
    PORT: "0",
    HOST: "::1",
    MODELS: "all",
    SIDECAR_URLS: " classification=http://127.0.0.1:9101/ , flight-delay=http://sidecar:9102,",
    STATE_DIR: "/state",
    SEED_PORTS: "1",
    V2_PASSTHROUGH: "1",
    REQUEST_TIMEOUT_MS: "250",
    BODY_LIMIT_MB: "1",
    MAX_ROWS_WAITING: "10",
    SIDECARS: "2",
    WORKERS: "3",
    DRAIN_TIMEOUT_MS: "0",
    LOG_LEVEL: "silent",
    PATH: "/bin",
  };
  expect(readSettings(env)).toEqual({
    ...DEFAULTS,
    PORT: 0,
    HOST: "::1",
    MODELS: "all",
    SIDECAR_URLS: new Map([
      ["classification", "http://127.0.0.1:9101"],
      ["flight-delay", "http://sidecar:9102"],
    ]),
    STATE_DIR: "/state",
    SEED_PORTS: true,
    V2_PASSTHROUGH: true,
    REQUEST_TIMEOUT_MS: 250,
    BODY_LIMIT_MB: 1,
    MAX_ROWS_WAITING: 10,
    SIDECARS: 2,
    WORKERS: 3,
    DRAIN_TIMEOUT_MS: 0,
    LOG_LEVEL: "silent",
    env,
  });
});

it.each([
  ["PORT", "http", "a whole number"],
  ["PORT", "-1", "a whole number"],
  ["PORT", "1e3", "a whole number"],
  ["PORT", " 80", "a whole number"],
  ["PORT", "65536", "a port, 0 to 65535"],
  ["SEED_PORTS", "true", 'Invalid option: expected one of "0"|"1"'],
  ["V2_PASSTHROUGH", "yes", 'Invalid option: expected one of "0"|"1"'],
  ["REQUEST_TIMEOUT_MS", "0", "1 to 3600000, an hour"],
  ["REQUEST_TIMEOUT_MS", "3000000000", "1 to 3600000, an hour"],
  ["DRAIN_TIMEOUT_MS", "3000000000", "0 to 3600000, an hour"],
  ["REQUEST_TIMEOUT_MS", "1.5", "a whole number"],
  ["BODY_LIMIT_MB", "0", "1 to 512, the longest text that V8 holds"],
  ["BODY_LIMIT_MB", "513", "1 to 512, the longest text that V8 holds"],
  ["MAX_ROWS_WAITING", "0", "1 or more"],
  ["DRAIN_TIMEOUT_MS", "soon", "a whole number"],
  ["LOG_LEVEL", "loud", 'Invalid option: expected one of "silent"|"error"|"warn"|"info"|"debug"'],
  ["SIDECAR_URLS", "http://127.0.0.1:9101", "http://127.0.0.1:9101 is not <bundle>=http://<host>:<port>"],
  ["SIDECAR_URLS", "a=ftp://x", "a=ftp://x is not <bundle>=http://<host>:<port>"],
])("refuses %s=%s", (name, value, message) => {
  expect(settingsErrorOf({ [name]: value })).toBe(`${name}=${value}: ${message}. See docs/settings.md.`);
});

it("tells every wrong setting at once, a line each", () => {
  expect(settingsErrorOf({ PORT: "x", LOG_LEVEL: "y", SEED_PORTS: "z", HOST: "ok" }).split("\n")).toEqual([
    "PORT=x: a whole number. See docs/settings.md.",
    'SEED_PORTS=z: Invalid option: expected one of "0"|"1". See docs/settings.md.',
    'LOG_LEVEL=y: Invalid option: expected one of "silent"|"error"|"warn"|"info"|"debug". See docs/settings.md.',
  ]);
});
