import type { RequestHandler } from "express";
import { createProxyMiddleware } from "http-proxy-middleware";

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
}

const SERVER_PATH = /^\/v2(\/health\/(live|ready))?$/;
const MODEL_PATH = /^\/v2\/models\/([A-Za-z0-9._-]+)((?:\/versions\/[A-Za-z0-9._-]+)?(?:\/(ready|infer))?)$/;
const ANSWER_WITHIN_MS = 10_000;

/**
 * The operators' way to a sidecar: its health and metadata, and raw inference where that is let through.
 * A closed table of paths; nothing else reaches the sidecar.
 */
export function v2Passthrough(options: PassthroughOptions): RequestHandler {
  const proxy = createProxyMiddleware({
    router: (request) => (request as { sidecarUrl?: string }).sidecarUrl,
    changeOrigin: true,
    proxyTimeout: ANSWER_WITHIN_MS,
    on: {
      proxyReq: (upstream, _request, response) => {
        response.on("close", () => upstream.destroy()); // the caller has gone: nobody waits for it
      },
      error: (_error, _request, response) => {
        if ("writeHead" in response && !response.headersSent) {
          response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
        }
        response.end(JSON.stringify({ error: "The sidecar does not answer. Try again in a second." }));
      },
    },
  });
  return (request, response, next) => {
    try {
      Object.assign(request, { sidecarUrl: sidecarFor(request.method, request.path, options) });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // the protocol has an error body of its own
      response
        .set(error.members.headers ?? {})
        .status(error.status)
        .json({ error: error.message });
      return;
    }
    void proxy(request, response, next);
  };
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
