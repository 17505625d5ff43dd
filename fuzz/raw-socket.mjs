// Requests with something wrong in them, over bare sockets. Whatever comes back is an answer of HTTP and none of it 5xx; the
// connection ends when the client has ended it; and behind all that the API answers as before.
import { connect } from "node:net";

import { mutated } from "./mutations.mjs";
import { seeded } from "./seeded.mjs";

const AT_ONCE = 16;
/** Longer than any answer to so few rows takes, and than the second that a refused body is still taken for. */
const ENDS_WITHIN_MS = 8_000;
/** What is half a request has no answer; a client that ends while its answer is being made gets none either. */
const AWAITS_ANSWER_MS = 30;

/** Most changes leave something that can be answered: where hardly anything is, this says nothing. */
const LEAST_ANSWERED = 0.5;

/** Whole and right, of every kind that the API reads. */
function requestsFor(bundle, row) {
  const json = JSON.stringify(row);
  const names = Object.keys(row);
  const csv = `${names.join(",")}\n${names.map((name) => (row[name] === null ? "" : JSON.stringify(row[name]))).join(",")}\n`;
  const at = `/models/${bundle}/predictions`;
  const whole = (line, headers, body) =>
    Buffer.from(`${line} HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const chunks = `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`;
  return [
    whole(`POST ${at}`, "content-type: application/json\r\n", json),
    whole(
      `POST ${at}`,
      "content-type: application/json; charset=utf-8\r\naccept: application/json\r\n",
      `[${json},${json}]`,
    ),
    whole(`POST ${at}`, "content-type: application/x-ndjson\r\naccept: text/csv\r\n", `${json}\n${json}\n`),
    whole(`PUT ${at}?on_error=null`, "content-type: text/csv\r\n", csv),
    Buffer.from(`POST ${at} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`),
    ...[
      "/livez",
      "/readyz",
      "/models",
      `/models/${bundle}`,
      "/openapi.json",
      "/docs",
      "/metrics",
      "/v2",
      `/v2/models/${bundle}`,
    ].map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\nx-request-id: mine\r\n\r\n`)),
  ];
}

/** @returns how many requests were sent, how many answers came by status, and what was found wrong */
export async function fuzzSockets({ url, bundle, row, cases, seed = 1, tell = () => undefined }) {
  const requests = requestsFor(bundle, row);
  const before = await rightAnswer(url, bundle, row);
  const [statuses, findings] = [new Map(), []];
  let next = 0;
  const client = async () => {
    while (next < cases && findings.length < 20) {
      const number = next++;
      const bytes = mutated(requests, seeded(seed * 1_000_003 + number));
      const wrong = judge(await exchange(url, bytes, number), statuses);
      if (wrong) findings.push({ number, seed, wrong, sent: bytes.toString("latin1").slice(0, 3_000) });
      if (number % 2_000 === 1_999) tell(`${number + 1} mutated requests`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const after = await rightAnswer(url, bundle, row);
  const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  if (answered < LEAST_ANSWERED * next)
    findings.push({ wrong: `only ${answered} of ${next} requests were answered`, sent: "" });
  if (after !== before)
    findings.push({ wrong: "the right request is not answered as before", sent: `${before} became ${after}` });
  return { cases: next, statuses: Object.fromEntries([...statuses].sort()), findings };
}

const STATUS = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n/;

function judge({ said, ended, isReset }, statuses) {
  if (!ended) return "the connection did not end";
  if (said === "") return isReset ? "the connection was reset without an answer" : undefined; // half a request has no answer
  const status = STATUS.exec(said)?.[1];
  if (status === undefined) return `what came back is not HTTP: ${said.slice(0, 100)}`;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const failed = said.match(/^HTTP\/1\.1 5\d\d[^]{0,600}/m)?.[0];
  return failed === undefined ? undefined : `5xx: ${failed}`;
}

/** In one piece or two; then the client says that it has no more. */
function exchange(url, bytes, number) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    let said = "";
    const late = setTimeout(() => finish(false), ENDS_WITHIN_MS);
    const finish = (ended, isReset = false) => {
      clearTimeout(late);
      socket.destroy();
      resolve({ said, ended, isReset });
    };
    socket.setNoDelay(true);
    socket.on("data", (piece) => (said += piece.toString("latin1")));
    socket.on("error", () => finish(true, true)); // behind an answer it is an end like others
    socket.on("end", () => finish(true));
    const cut = number % 2 === 0 ? bytes.length : number % Math.max(1, bytes.length);
    const sayEnd = () => {
      const ended = setTimeout(() => socket.end(), AWAITS_ANSWER_MS);
      socket.once("data", () => (clearTimeout(ended), socket.end()));
    };
    socket.write(bytes.subarray(0, cut));
    if (cut === bytes.length) sayEnd();
    else setTimeout(() => (socket.write(bytes.subarray(cut)), sayEnd()), 2);
  });
}

/** An API that has just been very busy may refuse a call or two. */
async function rightAnswer(url, bundle, row) {
  const asked = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(row) };
  let answer = "";
  for (let tries = 0; tries < 10 && !answer.startsWith("200"); tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 500));
    const response = await fetch(`${url}/models/${bundle}/predictions`, asked);
    answer = `${response.status} ${await response.text()}`;
  }
  return answer;
}
