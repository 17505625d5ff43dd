import type { IncomingMessage, ServerResponse } from "node:http";

import { failureOf, type Problem, writeProblem } from "../problems";
import { writeUnreadProblem } from "../write-unread";
import { acceptsJson, ownErrorFor } from "./accept";
import { writeAnswerText } from "./answer-text";
import { type Deadline, holdDeadline, type PredictLimits, timeoutOf } from "./deadline";
import { type Asking, isLarge, type PredictedRows, predictLargeBody } from "./large-body";
import type { Model, PredictRoute } from "./model";
import { parseBody } from "./parse-body";
import { readBody } from "./read-body";
import { readRequest, rowFromQuery } from "./read-request";
import { unavailable } from "./sidecar-client";
import { refuseNonFinite } from "./not-finite";
import type { Answering } from "./shape-response";

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
    const finish = (status: number, failure: Pick<Answered, "problem" | "defect"> = {}): void => {
      const ms = performance.now() - started;
      answered({ requestId, model: model.bundle.name, status, rows: progress.rows, ms, ...failure });
    };
    try {
      const body = await answer(model, route, limits, request, response, progress);
      finish(route.status);
      response.writeHead(route.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    } catch (error) {
      const failure = failureOf(error);
      const { problem } = failure;
      const own = ownErrorFor(route, problem, request);
      finish(own?.status ?? problem.status, failure);
      if (response.headersSent) return;
      if (isInPieces(route, request)) writeUnreadProblem(response, problem, requestId, own);
      else writeProblem(response, problem, requestId, own);
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
): Promise<string> {
  acceptsJson(request);
  let taken: ReturnType<typeof available> | undefined;
  const ready = (): ReturnType<typeof available> => (taken ??= available(model));
  const timeoutMs = (): number => timeoutOf(request, limits, progress.rows);
  timeoutMs(); // what it refuses is refused before a row is read
  const deadline = holdDeadline(timeoutMs);
  const call: Call = {
    ...{ model, limits, request, progress, ready },
    predict: (columns) => ready().predictor.predict(columns, deadline),
    onRead: () => {
      deadline.start(timeoutMs());
    },
  };
  const predicted = await untilClientGoes(response, deadline, () =>
    isInPieces(route, request) ? predictInPieces(call, response) : predictWhole(call, route),
  );
  const { description } = ready();
  refuseNonFinite(predicted.predictions, model.nullable, predicted.pointerOf);
  const shaped = route.shapeFor(description)(predicted.predictions, predicted);
  const text = await writeAnswerText(shaped, predicted.predictions.rows);
  response.setHeader("picklepod-bundle", `${description.name}@${description.version}; digest=${description.digest}`);
  if (predicted.unknownCategories.size > 0)
    response.setHeader("picklepod-unknown-categories", listed(predicted.unknownCategories));
  return text;
}

const isInPieces = (route: PredictRoute, request: IncomingMessage): boolean =>
  route.request.shape === "rows" && isLarge(request);

/** What came of the rows, and what their answer says besides. */
type Predicted = PredictedRows & Answering;

interface Call extends Asking {
  readonly model: Model;
  readonly limits: PredictLimits;
  readonly request: IncomingMessage;
  /** The model as it is from the first time on that this is called. @throws Problem unavailable */
  readonly ready: () => ReturnType<typeof available>;
}

async function predictInPieces(call: Call, response: ServerResponse): Promise<Predicted> {
  const { model, limits, request, ready } = call;
  const started = performance.now();
  ready();
  const predicted = await predictLargeBody(model.bundle, limits.bodyBytes, request, response, call);
  return { ...predicted, keys: [], seconds: (performance.now() - started) / 1000 };
}

async function predictWhole(call: Call, route: PredictRoute): Promise<Predicted> {
  const { model, limits, request, progress, ready, predict, onRead } = call;
  const sent = await readSent(model, route, limits, request);
  const started = performance.now();
  ready();
  const { keys, pointerOf, ...rows } = readRequest(route.request, sent);
  progress.rows = rows.rows.length; // also of those that are refused
  const { columns, unknownCategories } = model.validate({ pointerOf, ...rows });
  onRead();
  const predictions = await predict(columns);
  return { predictions, unknownCategories, pointerOf, keys, seconds: (performance.now() - started) / 1000 };
}

/** Rows hold no objects or lists: this many are a mistake that can still be told cell by cell. */
const MAX_CONTAINERS = 1_000_000;

/** What was sent, as values. */
async function readSent(
  { bundle }: Model,
  { request: contract }: PredictRoute,
  limits: PredictLimits,
  request: IncomingMessage,
): Promise<unknown> {
  if (contract.shape === "query") return rowFromQuery(queryOf(request.url ?? ""));
  const rows = bundle.manifest.limits.rows;
  const bounds = { rows, rowDepth: contract.shape === "keyed" ? 2 : 1, containers: MAX_CONTAINERS };
  return parseBody(await readBody(request, limits.bodyBytes), request.headers["content-type"], bounds);
}

/** As it was sent: URL would re-write it, and throws for some that a client may well send. */
const queryOf = (url: string): string => url.slice(url.includes("?") ? url.indexOf("?") : url.length);

export function available({ availability, bundle }: Model): Extract<Model["availability"], { state: "ready" }> {
  if (availability.state === "ready") return availability;
  throw unavailable(`The model ${bundle.name} is ${availability.state}: ${availability.reason}.`);
}

async function untilClientGoes<T>(response: ServerResponse, deadline: Deadline, work: () => Promise<T>): Promise<T> {
  response.once("close", deadline.abandon);
  try {
    return await work();
  } catch (error) {
    deadline.abandon(); // rows that still wait are not worth computing
    throw error;
  } finally {
    response.off("close", deadline.abandon);
    deadline.clear();
  }
}

export const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, rows]) => `${encodeURIComponent(name)}=${rows}`).join(", ");
