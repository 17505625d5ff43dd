// R15: HTTP as nobody should speak it, byte by byte.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { exactly, atMost } from "../goals.mjs";
import { rawAsk } from "../load/raw.mjs";
import { ask } from "../servers/ask.mjs";
import { example, fewRows } from "../servers/bundles.mjs";

export const strangeHttp = { id: "R15", what: "strange HTTP", run };

const post = (path, ...lines) => `POST ${path} HTTP/1.1\r\n${["host: a", ...lines].join("\r\n")}\r\n\r\n`;
const get = (path, ...lines) => `GET ${path} HTTP/1.1\r\n${["host: a", ...lines].join("\r\n")}\r\n\r\n`;
const flood = (count) => Array.from({ length: count }, (_, i) => `x-${i}: ${i}`);
const JSON_BODY = ["content-type: application/json"];

/** What is sent, whether the connection must be closed with the answer. */
const strange = {
  "2,000 headers": [get("/livez", ...flood(2_000)), true],
  "150 headers, of less than 16 KB": [get("/livez", ...flood(150)), true],
  "a header of 100 KB": [get("/livez", `x: ${"a".repeat(100_000)}`), true],
  "content-length with transfer-encoding": [
    `${post("/predict", ...JSON_BODY, "content-length: 6", "transfer-encoding: chunked")}0\r\n\r\nGET /livez HTTP/1.1\r\n\r\n`,
    true,
  ],
  "transfer-encoding twice": [`${post("/predict", "transfer-encoding: gzip, chunked")}0\r\n\r\n`, false],
  "no Host": ["GET /livez HTTP/1.1\r\n\r\n", true],
  "Host twice": ["GET /livez HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", true],
  "a blank before the colon": ["GET /livez HTTP/1.1\r\nhost : a\r\n\r\n", true],
  "a folded header": ["GET /livez HTTP/1.1\r\nhost: a\r\nx: a\r\n b\r\n\r\n", true],
  "a bare line feed": ["GET /livez HTTP/1.1\nhost: a\n\n", true],
  "NUL in a header": ["GET /livez HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n", true],
  "no HTTP at all": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", true],
  "HTTP/9.9": ["GET /livez HTTP/9.9\r\nhost: a\r\n\r\n", true],
  "a method that is none": ["FETCH /livez HTTP/1.1\r\nhost: a\r\n\r\n", true],
  ".. in a model's name": [post("/models/../classification/predictions", ...JSON_BODY, "content-length: 0"), false],
  ".. escaped": [post("/models/..%2f..%2fetc%2fpasswd/predictions", ...JSON_BODY, "content-length: 0"), false],
  "NUL in a model's name": [post("/models/a%00b/predictions", ...JSON_BODY, "content-length: 0"), false],
  "a bare NUL in the address": [post("/models/a\0b/predictions", ...JSON_BODY, "content-length: 0"), true],
  "10 KB of a model's name": [
    post(`/models/${"a".repeat(10_240)}/predictions`, ...JSON_BODY, "content-length: 0"),
    false,
  ],
  "100 KB of a model's name": [
    post(`/models/${"a".repeat(102_400)}/predictions`, ...JSON_BODY, "content-length: 0"),
    true,
  ],
  "an address that is not UTF-8": [post("/models/%ff/predictions", ...JSON_BODY, "content-length: 0"), false],
  "an address that is cut short": [post("/models/%2/predictions", ...JSON_BODY, "content-length: 0"), false],
  "a whole URL": [post("http://127.0.0.1:1/models/x/predictions", ...JSON_BODY, "content-length: 0"), false],
  CONNECT: ["CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: a\r\n\r\n", true],
  "an Expect that is unknown": [post("/predict", ...JSON_BODY, "expect: tea", "content-length: 0"), false],
  ".. on the way through /v2": [
    post("/v2/models/../../classification/infer", ...JSON_BODY, "content-length: 0"),
    false,
  ],
};

/** Any folder that it could be taken to lie below is left by so many. */
const UP = 16;
const TOLD = "what nobody may be told";

/** Ways to a file outside of the bundle, from wherever a name may be looked up. */
function waysTo(file) {
  const escaped = encodeURIComponent(file.slice(1));
  return Object.fromEntries(
    [
      `/models/${"../".repeat(UP)}${file.slice(1)}`,
      `/${"../".repeat(UP)}${file.slice(1)}`,
      `/models/${"..%2f".repeat(UP)}${escaped}`,
      `/models/${"%2e%2e/".repeat(UP)}${file.slice(1)}`,
      `/models/classification@${"..%2f".repeat(UP)}${escaped}`,
      `/models/%2f${escaped}`,
      `/models/${"..%5c".repeat(UP)}${escaped.replaceAll("%2F", "%5c")}`,
      `/models/${"..%252f".repeat(UP)}${escaped.replaceAll("%", "%25")}`,
      `/v2/models/${"..%2f".repeat(UP)}${escaped}`,
      `/docs/${"../".repeat(UP)}${file.slice(1)}`,
    ].map((path) => [
      `a file outside, by ${path.replaceAll(/(\.\.\/|\.\.%\w+|%2e%2e\/)+/g, "$1…")}`,
      [get(path), false],
    ]),
  );
}

async function run({ startBetween, tell }) {
  const { api, between } = await startBetween({ folder: example });
  const outside = mkdtempSync(join(tmpdir(), "picklepod-outside-"));
  const seen = { others: [], open: [], read: [], slowest: 0 };
  try {
    const file = join(outside, "marker");
    writeFileSync(file, TOLD);
    await askAll({ ...strange, ...waysTo(file) }, { api, seen, tell });
  } finally {
    rmSync(outside, { recursive: true });
  }
  const reached = [...between.others, ...between.calls.map(() => "a prediction")];
  return judged(seen, reached, api);
}

async function askAll(requests, { api, seen, tell }) {
  for (const [name, [bytes, mustClose]] of Object.entries(requests)) {
    const how = { patienceMs: 2_000, waitForClose: mustClose };
    const { status, closed, ms, text } = await rawAsk(api.url, Buffer.from(bytes, "latin1"), how);
    const body = text.split("\r\n\r\n")[1]?.slice(0, 120);
    tell(`${name}: ${status}${closed ? ", closed" : ""} in ${ms.toFixed(0)} ms: ${body}`);
    if (!(status >= 400 && status < 500)) seen.others.push(`${name}: ${status}`);
    if (mustClose && !closed) seen.open.push(name);
    if (text.includes(TOLD)) seen.read.push(name);
    seen.slowest = Math.max(seen.slowest, ms);
  }
}

async function judged(seen, reached, api) {
  const [body] = await fewRows(1);
  const { status } = await ask(`${api.url}/models/classification/predictions`, { body });
  return [
    exactly("answered otherwise than 4xx", seen.others.join(", "), ""),
    exactly("left open", seen.open.join(", "), ""),
    exactly("requests that reached the sidecar", reached.join(", "), ""),
    exactly("answers that hold what a file outside the bundle says", seen.read.join(", "), ""),
    atMost("slowest answer", seen.slowest, 1_000, " ms"),
    exactly("an honest request afterwards", status, 200),
    exactly("defects in the log", api.defects(), 0),
  ];
}
