import { randomUUID } from "node:crypto";
import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

import { Problem, problemBody, type ProblemName } from "./problems";
import { LINGER_MS, type OnRefused, refuseAtOnce } from "./write-unread";

const MOST_HEADERS = 100;

/** What a server is to be told: Node drops the headers beyond the most without a word, so one more is taken and refused. */
export const headerLimits = { maxHeadersCount: MOST_HEADERS + 1, requireHostHeader: false };

/** Refuses what HTTP/1.1 does not allow, before anything of ours looks at it. */
export function refuseBadRequests(handler: RequestListener, onRefused: OnRefused): RequestListener {
  return (request, response) => {
    const problem = problemOf(request);
    if (problem === undefined) handler(request, response);
    else refuseAtOnce(response, problem, onRefused);
  };
}

function problemOf({ rawHeaders, httpVersion }: IncomingMessage): Problem | undefined {
  if (rawHeaders.length > MOST_HEADERS * 2) {
    const detail = `The request has more than ${MOST_HEADERS} headers; send fewer.`;
    return new Problem("headers-too-large", { detail });
  }
  const hosts = countHosts(rawHeaders);
  if (hosts === 1 || (hosts === 0 && httpVersion === "1.0")) return undefined;
  return new Problem("malformed", { detail: `The request has ${hosts} Host headers; HTTP/1.1 asks for one.` });
}

/** Node keeps the first of several without a word. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count;
}

const bytesThatAreNone: readonly [ProblemName, string] = [
  "malformed",
  "The bytes are no HTTP/1.1 request: look at the request line, the headers, and how the body's length is told.",
];
/** What Node's parser says of bytes that are no request; whatever is not here is `bytesThatAreNone`. */
const byCode: Readonly<Record<string, readonly [ProblemName, string]>> = {
  HPE_HEADER_OVERFLOW: ["headers-too-large", "The request's headers are larger than 16 KB; send less in them."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["body-too-large", "The body's chunk extensions are larger than 16 KB; send none."],
  CONNECT: ["method-not-allowed", "CONNECT asks for a tunnel, which a proxy gives; this is none."],
  ERR_HTTP_REQUEST_TIMEOUT: ["client-idle", "The request's headers were not complete in time; send them at once."],
};

/**
 * Answers bytes that are no request, and ends their connection. What came over it before is answered first.
 * `unanswered`: the calls under way.
 */
export function answerBadBytes(unanswered: ReadonlySet<ServerResponse>) {
  const told = new WeakSet<Duplex>();
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    if (told.has(socket)) return; // the bytes behind them are no better
    told.add(socket);
    const underWay = [...unanswered].filter((response) => response.req.socket === socket);
    const isAnswering = underWay.some(({ req, headersSent }) => !req.complete && headersSent);
    if (isAnswering) socket.destroy();
    else {
      const before = underWay.filter(({ req }) => req.complete);
      afterAll(before, () => {
        end(socket, error.code);
      });
    }
  };
}

function afterAll(responses: readonly ServerResponse[], then: () => void): void {
  let left = responses.length;
  if (left === 0) then();
  const closed = (): void => {
    left -= 1;
    if (left === 0) then();
  };
  for (const response of responses) response.once("close", closed);
}

/** Node leaves the socket to who hears of it, errors too, and closes it where nobody does. */
export function answerConnect(answer: ReturnType<typeof answerBadBytes>) {
  return (_request: IncomingMessage, socket: Duplex): void => {
    socket.on("error", () => socket.destroy());
    answer(Object.assign(new Error("CONNECT"), { code: "CONNECT" }), socket);
  };
}

/** Not cut at once: a reset would overtake what is told. */
function end(socket: Duplex, code = ""): void {
  const [name, detail] = byCode[code] ?? bytesThatAreNone;
  const problem = new Problem(name, { detail });
  const body = problemBody(problem, randomUUID());
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    "connection: close",
    ...(name === "method-not-allowed" ? ["allow: GET, HEAD, POST, PUT, OPTIONS"] : []),
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  if (socket.writable) socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
