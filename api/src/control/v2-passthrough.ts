import type { IncomingMessage, ServerResponse } from "node:http";

import type { RequestHandler } from "express";

import type { Door, Needs } from "../access/door";
import type { Model } from "../predict/model";
import { readBody } from "../predict/read-body";
import { retrySoon } from "../jittered";
import { Problem } from "../problems";
import { writeRefusal } from "../write-unread";
import { noSuchModel } from "./models";
import { type Turn, turnLimits, Turns } from "./v2-passthrough-turns";
import { passOn } from "./v2-proxy";

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
  /** Hears of every problem that a caller is told here, and of the bundle that he named to infer. */
  readonly onRefused?: (problem: Problem, response: ServerResponse, model: string) => void;
}

const SERVER_PATH = /^\/v2(\/health\/(live|ready))?$/;
const MODEL_PATH = /^\/v2\/models\/([A-Za-z0-9._-]+)((?:\/versions\/[A-Za-z0-9._-]+)?(?:\/(ready|infer))?)$/;

/**
 * The operators' way to a sidecar: its health and metadata, and raw inference where that is let through.
 * A closed table of paths; nothing else reaches the sidecar.
 */
export function v2Passthrough(options: PassthroughOptions, limits = turnLimits): RequestHandler {
  const refuse = refuser(options);
  const [asking, inferring] = [new Turns(limits), new Turns(limits)]; // who infers keeps nobody from asking for the health
  return async (request, response, next) => {
    const begin = (turn: Turn): void => {
      passOn(turn, next);
    };
    const late = (problem: Problem): void => {
      refuse(response, problem);
    };
    try {
      await options.door?.enter(request, response, needsOf(request.path));
      sidecarFor(request.method, request.path, options); // what it refuses is refused before the body is read
      refuseBody(request);
      const body = await readBody(request, { bytes: options.bodyBytes, raise: "BODY_LIMIT_MB" });
      const url = sidecarFor(request.method, request.path, options);
      replaceHeaders(request, options.token);
      const turns = request.method === "POST" ? inferring : asking;
      turns.take({ url, request, body, response, begin, late });
    } catch (error) {
      refuse(response, error);
    }
  };
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

/** A body is passed on with the length that its caller told. @throws Problem malformed */
function refuseBody({ method, headers }: IncomingMessage): void {
  const ends = { connection: "close" }; // nobody reads the body
  if (headers["transfer-encoding"] !== undefined)
    throw new Problem("malformed", { detail: "Send the body with a Content-Length, or none.", headers: ends });
  const length = Number(headers["content-length"] ?? 0);
  if (method === "GET" && length > 0)
    throw new Problem("malformed", { detail: "A GET takes no body here.", headers: ends });
}

type Refuse = (response: ServerResponse, error: unknown) => void;

/** The protocol has an error body of its own. */
function refuser({ onRefused, defaultModel }: PassthroughOptions): Refuse {
  return (response, error) => {
    if (!(error instanceof Problem)) throw error;
    if (response.destroyed) return; // nobody is there to be told
    const needs = needsOf(response.req.url?.split("?")[0] ?? "");
    const isReady = defaultModel?.availability.state === "ready";
    const isHealth = needs === "open" && error.problemName === "unavailable" && !isReady; // told, as by /readyz
    if (!isHealth) onRefused?.(error, response, typeof needs === "object" ? needs.bundle : "");
    const own = { status: error.status, body: JSON.stringify({ error: error.message }) };
    writeRefusal(response, error, "", own);
  };
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
  { defaultModel, find, urlOf, inference, door }: PassthroughOptions,
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
  const { state } = model.availability;
  const isLost = state === "unreachable" || (state === "failed" && named !== ""); // its sidecar may be well all the same
  const isForStrangers = named === "" && door?.demandsKeys === true; // as /readyz, which has no reasons for them
  if (url === undefined || isLost) throw notThere(model, isForStrangers);
  return url;
}

function notThere({ bundle: { name }, availability }: Model, isForStrangers: boolean): Problem {
  const what =
    availability.state === "ready"
      ? `The sidecar of ${name} is not there now.`
      : `The model ${name} is ${availability.state}${isForStrangers ? "" : `: ${availability.reason}`}.`;
  const detail = `${what} Try again when GET /readyz says that it is ready.`;
  return new Problem("unavailable", { detail, headers: retrySoon() });
}

const notPassed = (path: string): Problem =>
  new Problem("not-found", {
    detail: `${path.slice(0, 100)} is not passed on. There are GET /v2, GET /v2/health/live and ready, GET /v2/models/{model}, GET /v2/models/{model}/ready and POST /v2/models/{model}/infer.`,
  });

const inferenceIsOff = (name: string): Problem =>
  new Problem("not-found", {
    detail: `Raw inference bypasses validation and is off. Use POST /models/${name}/predictions, or set V2_PASSTHROUGH=1.`,
  });
