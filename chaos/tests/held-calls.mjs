// A large call and a stream that are under way while something happens to the server: their last bytes are sent behind it.
import { request } from "node:http";

import { pause } from "../servers/until.mjs";

const LIST_ROWS = 10_000;
const STREAM_ROWS = 4_000;
/** By then the server has the beginning of both. */
const UNDER_WAY_MS = 300;
const PATIENCE_MS = 20_000;

/**
 * @param known [{body: a row, right: the text of its answer}, …]
 * @returns {endList, endStream}: each sends the rest, and resolves with what was wrong with the answer, undefined where nothing was
 */
export async function holdCalls(url, known) {
  const rows = known.map(({ body }) => body);
  const expected = known.map(({ right }) => JSON.stringify(JSON.parse(right).predictions[0]));
  const list = halfSent(url, "POST", "application/json", `[${repeated(rows, LIST_ROWS).join(",")}]`);
  const stream = halfSent(url, "PUT", "application/x-ndjson", `${repeated(rows, STREAM_ROWS).join("\n")}\n`);
  await pause(UNDER_WAY_MS);
  return {
    endList: () => list().then((answer) => faultOfList(answer, expected)),
    endStream: () => stream().then((answer) => faultOfStream(answer, expected)),
  };
}

const repeated = (all, count) => Array.from({ length: count }, (_, i) => all[i % all.length]);

/** Half of the body goes now; what is given back sends the rest, and resolves with {status, text, isWhole}. */
function halfSent(url, method, type, text) {
  const body = Buffer.from(text);
  const sent = request(url, { method, headers: { "content-type": type, "content-length": body.length }, agent: false });
  const answer = answerTo(sent);
  const half = Math.floor(body.length / 2);
  sent.write(body.subarray(0, half));
  return () => {
    sent.end(body.subarray(half));
    return answer;
  };
}

function answerTo(sent) {
  return new Promise((resolve) => {
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`nothing came for ${PATIENCE_MS} ms`)));
    sent.on("error", ({ message }) => resolve({ status: message, text: "", isWhole: false }));
    sent.on("response", (response) => {
      const chunks = [];
      const settle = (isWhole) =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString(), isWhole });
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", () => settle(false));
      response.on("end", () => settle(true));
    });
  });
}

function faultOfList({ status, text, isWhole }, expected) {
  if (status !== 200 || !isWhole) return `the list: ${status} ${text.slice(0, 200)}`;
  return faultOfRows("the list", JSON.parse(text).predictions, LIST_ROWS, expected);
}

/** One that is whole ends with its summary. */
function faultOfStream({ status, text, isWhole }, expected) {
  if (status !== 200 || !isWhole) return `the stream: ${status}, and ends with ${text.slice(-200)}`;
  const lines = text.trimEnd().split("\n").map(JSON.parse);
  const { summary } = lines.pop();
  if (summary?.predicted !== STREAM_ROWS) return `the stream: its summary is ${JSON.stringify(summary)}`;
  return faultOfRows("the stream", lines, STREAM_ROWS, expected);
}

function faultOfRows(which, rows, count, expected) {
  if (rows.length !== count) return `${which}: ${rows.length} of ${count} rows`;
  const wrong = rows.findIndex((row, i) => JSON.stringify(row) !== expected[i % expected.length]);
  return wrong === -1 ? undefined : `${which}: row ${wrong} is another than alone`;
}
