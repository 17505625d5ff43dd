import { Agent, type IncomingMessage } from "node:http";

import type { RequestHandler, Response } from "express";
import { createProxyMiddleware } from "http-proxy-middleware";

import type { Door, Needs } from "../access/door";
import type { Model } from "../predict/model";
import { Problem } from "../problems";
import { noSuchModel } from "./models";

export interface PassthroughOptions {
  /** Whose sidecar answers the addresses that name no model. */
  readonly defaultModel: Model | undefined;
  readonly find: (name: string) => Model | undefined;
  readonly urlOf: (model: Model) => string | undefined;
  /** Raw inference bypasses validation: off unless the operator says so. */
  readonly inference: boolean;
  /** What the sidecars know the API by. */
  readonly token: string | undefined;
  readonly bodyBytes: number;
  readonly door: Door | undefined;
}

const SERVER_PATH = /^\/v2(\/health\/(live|ready))?$/;
const MODEL_PATH = /^\/v2\/models\/([A-Za-z0-9._-]+)((?:\/versions\/[A-Za-z0-9._-]+)?(?:\/(ready|infer))?)$/;
const ANSWER_WITHIN_MS = 10_000;
/** Each is a file, of which the callers' calls must not take more than there are; more calls wait for one. */
const SOCKETS_TO_SIDECAR = 4;

/**
 * The operators' way to a sidecar: its health and metadata, and raw inference where that is let through.
 * A closed table of paths; nothing else reaches the sidecar.
 */
export function v2Passthrough(options: PassthroughOptions): RequestHandler {
  const [ask, infer] = [passOn(), passOn()]; // who sends rows slowly keeps nobody from asking for the health
  return async (request, response, next) => {
    try {
      await options.door?.enter(request, response, needsOf(request.path));
      const sidecarUrl = sidecarFor(request.method, request.path, options);
      refuseBody(request, options.bodyBytes);
      Object.assign(request, { sidecarUrl });
      replaceHeaders(request, options.token);
    } catch (error) {
      refuse(response, error);
      return;
    }
    void (request.method === "POST" ? infer : ask)(request, response, next);
  };
}

function passOn(): RequestHandler {
  return createProxyMiddleware({
    router: (request) => (request as { sidecarUrl?: string }).sidecarUrl,
    changeOrigin: true,
    proxyTimeout: ANSWER_WITHIN_MS,
    agent: new Agent({ maxSockets: SOCKETS_TO_SIDECAR }),
    on: {
      proxyReq: (upstream, _request, response) => {
        // the caller has gone, perhaps while it waited for a socket: nobody waits for it
        if (response.destroyed) upstream.destroy();
        else response.on("close", () => upstream.destroy());
      },
      error: (_error, _request, response) => {
        if ("writeHead" in response && !response.headersSent) {
          response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
        }
        response.end(JSON.stringify({ error: "The sidecar does not answer. Try again in a second." }));
      },
    },
  });
}

/**
 * What callers send to know themselves by is ours to judge. These are the headers that are passed on; the proxy offers no
 * place to change them later where the caller sends `expect`, which Node has answered already.
 */
function replaceHeaders({ headers }: IncomingMessage, token: string | undefined): void {
  for (const name of ["authorization", "x-api-key", "cookie", "expect", "upgrade"])
    Reflect.deleteProperty(headers, name);
  headers.connection = "close"; // a kept one may have ended, unknown to us, when the next call comes
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
}

/** What is passed on is not read here: its length must be known, and be one that we would take. @throws Problem */
function refuseBody({ method, headers }: IncomingMessage, bodyBytes: number): void {
  const ends = { connection: "close" }; // nobody reads the body
  if (headers["transfer-encoding"] !== undefined)
    throw new Problem("malformed", { detail: "Send the body with a Content-Length, or none.", headers: ends });
  const length = Number(headers["content-length"] ?? 0);
  if (method === "GET" && length > 0)
    throw new Problem("malformed", { detail: "A GET takes no body here.", headers: ends });
  if (length > bodyBytes)
    throw new Problem("body-too-large", { detail: "The body is larger than BODY_LIMIT_MB.", headers: ends });
}

/** The protocol has an error body of its own. */
function refuse(response: Response, error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  response
    .set(error.members.headers ?? {})
    .status(error.status)
    .json({ error: error.message });
}

function needsOf(path: string): Needs {
  if (SERVER_PATH.test(path)) return "open";
  const [, named = "", , verb] = MODEL_PATH.exec(path) ?? [];
  return verb === "infer" ? { bundle: named.split("@")[0] ?? "" } : "key";
}

/** @throws Problem where the request is not to be passed on */
function sidecarFor(
  method: string,
  path: string,
  { defaultModel, find, urlOf, inference }: PassthroughOptions,
): string {
  const [, named = "", , verb] = MODEL_PATH.exec(path) ?? [];
  if (named === "" && !SERVER_PATH.test(path)) throw notPassed(path);
  const model = named === "" ? defaultModel : find(named);
  if (!model) throw noSuchModel(named);
  const { name } = model.bundle;
  const allowed = verb === "infer" ? "POST" : "GET";
  if (method !== allowed) {
    throw new Problem("method-not-allowed", { detail: `Use ${allowed}.`, headers: { allow: allowed } });
  }
  if (verb === "infer" && !inference) throw inferenceIsOff(name);
  const url = urlOf(model);
  if (url !== undefined) return url;
  throw new Problem("unavailable", {
    detail: `The sidecar of ${name} is not there now.`,
    headers: { "retry-after": "1" },
  });
}

const notPassed = (path: string): Problem =>
  new Problem("not-found", {
    detail: `${path.slice(0, 100)} is not passed on. There are GET /v2, GET /v2/health/live and ready, GET /v2/models/{model}, GET /v2/models/{model}/ready and POST /v2/models/{model}/infer.`,
  });

const inferenceIsOff = (name: string): Problem =>
  new Problem("not-found", {
    detail: `Raw inference bypasses validation and is off. Use POST /models/${name}/predictions, or set V2_PASSTHROUGH=1.`,
  });
