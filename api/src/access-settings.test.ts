import { settingsErrorOf } from "../test/settings-error";
import { readSettings } from "./settings";

it("reads limits, networks and origins as lists, with blanks around their members", () => {
  const { RATE_LIMITS, TRUSTED_PROXIES, CORS_ORIGINS, ADMIN_PORT } = readSettings({
    API_KEYS_FILE: "keys.json",
    RATE_LIMITS: "key:requests=600/60s, address:rows=100000/3600s,",
    TRUSTED_PROXIES: "loopback, 10.0.0.0/8",
    CORS_ORIGINS: "https://shop.example, http://localhost:3000",
    ADMIN_PORT: "9090",
  });
  expect({ RATE_LIMITS, TRUSTED_PROXIES, CORS_ORIGINS, ADMIN_PORT }).toEqual({
    RATE_LIMITS: [
      { who: "key", what: "requests", most: 600, seconds: 60 },
      { who: "address", what: "rows", most: 100_000, seconds: 3_600 },
    ],
    TRUSTED_PROXIES: ["loopback", "10.0.0.0/8"],
    CORS_ORIGINS: ["https://shop.example", "http://localhost:3000"],
    ADMIN_PORT: 9090,
  });
});

it.each([
  ["RATE_LIMITS", "600/60s", /^RATE_LIMITS=600\/60s: 600\/60s is not <key or address>:<requests or rows>/],
  ["RATE_LIMITS", "address:requests=0/60s", /is not <key or address>/],
  ["RATE_LIMITS", "address:requests=10/60", /is not <key or address>/],
  ["RATE_LIMITS", "key:requests=10/60s", /limits by key need API_KEYS_FILE/],
  [
    "RATE_LIMITS",
    "address:rows=9/60s,address:requests=10/60s, address:requests=100/60s",
    /two limits of address:requests in 60s would count each call twice; keep the lower/,
  ],
  ["RATE_LIMIT_REDIS_URL", "redis://localhost:99999", /^RATE_LIMIT_REDIS_URL=…: redis:\/\/<host>:<port>/],
  ["RATE_LIMIT_REDIS_URL", "redis://:a%zz@h:1", /^RATE_LIMIT_REDIS_URL=…: redis:\/\/<host>:<port>/],
  ["RATE_LIMIT_REDIS_URL", "http://localhost", /redis:\/\/<host>:<port>/],
  ["RATE_LIMIT_REDIS_URL", "redis://localhost", /there is nothing to count: set RATE_LIMITS too/],
  ["TRUSTED_PROXIES", "10.0.0.0/33", /10\.0\.0\.0\/33 is no address, and no network/],
  ["TRUSTED_PROXIES", "proxy.example", /proxy\.example is no address/],
  ["CORS_ORIGINS", "https://shop.example/", /https:\/\/shop\.example\/ is no origin/],
  ["CORS_ORIGINS", "shop.example", /shop\.example is no origin/],
  ["ADMIN_PORT", "70000", /a port, 0 to 65535/],
  ["TLS_CERT_FILE", "a.pem", /^TLS_KEY_FILE=: the key of TLS_CERT_FILE/],
  ["TLS_KEY_FILE", "a.pem", /^TLS_CERT_FILE=: the certificate of TLS_KEY_FILE/],
  ["SIDECAR_TOKEN", "short", /^SIDECAR_TOKEN=…: 16 or more visible ASCII characters/],
])("refuses %s=%s", (name, value, message) => {
  expect(settingsErrorOf({ [name]: value })).toMatch(message);
});

it("takes limits of the same kind in windows of their own, and a Redis that wants a password", () => {
  const RATE_LIMITS = "address:requests=10/1s,address:requests=100/60s,address:rows=10/60s";
  const urls = ["redis://localhost", "rediss://:p%40ss@redis.example:6380/2", "redis://user:a%25zz@[::1]:6379"];
  expect(urls.map((url) => settingsErrorOf({ RATE_LIMITS, RATE_LIMIT_REDIS_URL: url }))).toEqual(["", "", ""]);
});

it("repeats no secret in an error", () => {
  const env = { RATE_LIMIT_REDIS_URL: "redis:// :hunter2@x", SIDECAR_TOKEN: "hunter2", PORT: "http" };
  expect(settingsErrorOf(env)).toMatch(/RATE_LIMIT_REDIS_URL=…|SIDECAR_TOKEN=…/);
  expect(settingsErrorOf(env)).not.toContain("hunter2");
});

it("does not let raw inference go round a limit in rows", () => {
  expect(settingsErrorOf({ V2_PASSTHROUGH: "1", RATE_LIMITS: "address:rows=10/60s" })).toMatch(
    /^RATE_LIMITS=address:rows=10\/60s: raw inference, which V2_PASSTHROUGH lets through, has no rows/,
  );
  expect(settingsErrorOf({ V2_PASSTHROUGH: "1", RATE_LIMITS: "address:requests=10/60s" })).toBe("");
});

it("wants the sidecars' token from one place", () => {
  const token = "0123456789abcdef";
  expect(settingsErrorOf({ SIDECAR_TOKEN: token, SIDECAR_TOKEN_FILE: "/run/token" })).toBe(
    "SIDECAR_TOKEN=…: given twice: keep SIDECAR_TOKEN_FILE alone. See docs/settings.md.",
  );
});
