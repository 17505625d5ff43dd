import type { IncomingMessage, ServerResponse } from "node:http";

import { asProblem, Problem, writeProblem } from "../problems";
import { type Deadline, startDeadline } from "./deadline";
import { type Model, ownErrorOf, type PredictRoute } from "./model";
import { parseBody } from "./parse-body";
import { readBody } from "./read-body";
import { readRequest, type RequestRows, rowFromQuery } from "./read-request";
import { unavailable } from "./sidecar-client";
import { refuseNonFinite } from "./not-finite";

export interface PredictLimits {
  readonly bodyBytes: number;
  readonly timeoutMs: number;
}

/** What is told of a prediction that was asked for, when it has been answered. */
export interface Answered {
  readonly requestId: string;
  readonly model: string;
  readonly status: number;
  readonly rows: number;
  readonly ms: number;
  readonly problem?: Problem;
  /** What was thrown, where that was no problem but a defect. */
  readonly defect?: unknown;
}

export type PredictHandler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** A call of many rows is given this much more time for each. */
const MS_PER_ROW = 1;

/** A prediction from request to response. Every stage is one line of `answer`. */
export function createPredictHandler(
  model: Model,
  route: PredictRoute,
  limits: PredictLimits,
  answered: (answered: Answered) => void,
): PredictHandler {
  return async (request, response, requestId) => {
    const started = performance.now();
    const progress = { rows: 0 };
    const finish = (status: number, error?: unknown): void => {
      const problem =
        error === undefined ? {} : { problem: asProblem(error), ...(!(error instanceof Problem) && { defect: error }) };
      answered({
        requestId,
        model: model.bundle.name,
        status,
        rows: progress.rows,
        ms: performance.now() - started,
        ...problem,
      });
    };
    try {
      const body = await answer(model, route, limits, request, response, progress);
      finish(route.status);
      response.writeHead(route.status, { "content-type": "application/json", "content-length": body.length });
      response.end(body);
    } catch (error) {
      const problem = asProblem(error);
      const own = ownErrorFor(route, problem, request);
      finish(own?.status ?? problem.status, error);
      if (!response.headersSent) writeProblem(response, problem, requestId, own);
    }
  };
}

async function answer(
  model: Model,
  route: PredictRoute,
  limits: PredictLimits,
  request: IncomingMessage,
  response: ServerResponse,
  progress: { rows: number },
): Promise<Buffer> {
  acceptsJson(request);
  const sent = await readSent(route, request, limits, model.bundle.manifest.limits.rows);
  const started = performance.now();
  const { description, predictor } = available(model);
  const asked = readRequest(route.request, sent);
  progress.rows = asked.rows.length;
  const { columns, unknownCategories } = model.validate(asked);
  const deadline = startDeadline(timeoutOf(request, limits, asked));
  const predictions = await untilClientGoes(response, deadline, () => predictor.predict(columns, deadline));
  refuseNonFinite(predictions, model.nullable, asked.pointerOf);
  const seconds = (performance.now() - started) / 1000;
  const text = route.shapeFor(description)(predictions, { keys: asked.keys, seconds });
  response.setHeader("picklepod-bundle", `${description.name}@${description.version}; digest=${description.digest}`);
  if (unknownCategories.size > 0) response.setHeader("picklepod-unknown-categories", listed(unknownCategories));
  return Buffer.from(text);
}

const JSON_RANGE = /^(\*\/\*|application\/(\*|json|problem\+json))$/i;

/** No Accept, or an empty one, accepts anything; what has q=0 is not accepted (RFC 9110, section 12.4.2). */
function acceptsJson({ headers: { accept } }: IncomingMessage): void {
  if (!accept?.trim() || acceptedRanges(accept).some((range) => JSON_RANGE.test(range))) return;
  throw new Problem("not-acceptable", { detail: `Answers are application/json; you accept ${accept.slice(0, 100)}.` });
}

function acceptedRanges(accept: string): string[] {
  const ranges = accept.split(",").map((range) => range.split(";").map((part) => part.trim()));
  return ranges
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/i.test(parameter)))
    .map(([range = ""]) => range);
}

/** Rows hold no objects or lists: this many are a mistake that can still be told cell by cell. */
const MAX_CONTAINERS = 1_000_000;

async function readSent(
  { request: contract }: PredictRoute,
  request: IncomingMessage,
  limits: PredictLimits,
  maxRows: number,
): Promise<unknown> {
  if (contract.shape === "query") return rowFromQuery(queryOf(request.url ?? ""));
  const bounds = { rows: maxRows, rowDepth: contract.shape === "keyed" ? 2 : 1, containers: MAX_CONTAINERS };
  return parseBody(await readBody(request, limits.bodyBytes), request.headers["content-type"], bounds);
}

/** As it was sent: URL would re-write it, and throws for some that a client may well send. */
const queryOf = (url: string): string => url.slice(url.includes("?") ? url.indexOf("?") : url.length);

function available({ availability, bundle }: Model): Extract<Model["availability"], { state: "ready" }> {
  if (availability.state === "ready") return availability;
  throw unavailable(`The model ${bundle.name} is ${availability.state}: ${availability.reason}.`);
}

/** A caller may shorten the deadline, never lengthen it. */
function timeoutOf(request: IncomingMessage, limits: PredictLimits, { rows }: RequestRows): number {
  const most = limits.timeoutMs + rows.length * MS_PER_ROW;
  const asked = request.headers["x-request-timeout"];
  if (asked === undefined) return most;
  const ms = Number(asked);
  if (!/^\d+$/.test(String(asked)) || ms === 0) {
    throw new Problem("malformed", { detail: "X-Request-Timeout is a whole number of milliseconds, 1 or more." });
  }
  return Math.min(most, ms);
}

async function untilClientGoes<T>(response: ServerResponse, deadline: Deadline, work: () => Promise<T>): Promise<T> {
  response.once("close", deadline.abandon);
  try {
    return await work();
  } finally {
    response.off("close", deadline.abandon);
    deadline.clear();
  }
}

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, rows]) => `${encodeURIComponent(name)}=${rows}`).join(", ");

/** The contract's own error gives way to a caller who asks for problems. */
function ownErrorFor(
  route: PredictRoute,
  problem: Problem,
  { headers }: IncomingMessage,
): ReturnType<typeof ownErrorOf> {
  const asksForProblems = acceptedRanges(headers.accept ?? "").includes("application/problem+json");
  return asksForProblems ? undefined : ownErrorOf(route, problem);
}
