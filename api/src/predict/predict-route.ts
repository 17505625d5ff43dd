import type { IncomingMessage, ServerResponse } from "node:http";

import type { Answered, Observer } from "../observer";
import { failureOf } from "../problems";
import type { ImputedTally } from "../rows/imputed";
import { writeRefusal } from "../write-unread";
import { acceptsJson, ownErrorFor } from "./accept";
import { isLargeAnswer, refuseLargeAnswer, writtenWhole } from "./answer-size";
import { writeAnswerText } from "./answer-text";
import { bodyLimitOf, bodyLimitOfShape, jsonBoundsOf } from "./body-limit";
import { type Deadline, deadlineExceeded, holdDeadline, type PredictLimits, timeoutOf } from "./deadline";
import { SHORT_BYTES } from "./json-size";
import { type Asking, beginning, hasManyCells, mayBeLarge, type PredictedRows, predictLargeBody } from "./large-body";
import { listedUnknown } from "./list-unknown";
import type { Model, PredictRoute } from "./model";
import { parseBody, parseInTurns } from "./parse-body";
import type { Predictions } from "./predictions";
import { again, readBody, readPieces } from "./read-body";
import { readRequest, rowFromQuery } from "./read-request";
import { unavailable } from "./sidecar-client";
import { refuseNonFinite } from "./not-finite";
import type { Answering } from "./shape-response";
import { waitForTurn } from "./wait-for-turn";
import { roomForMore, writeWhole } from "./write-whole";

export type PredictHandler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** A prediction from request to response. Every stage is one line of `answer`. */
export function createPredictHandler(
  model: Model,
  route: PredictRoute,
  limits: PredictLimits,
  observer: Observer,
): PredictHandler {
  return async (request, response, requestId) => {
    const started = performance.now();
    const progress = { rows: 0 };
    const finish = (status: number, failure: Pick<Answered, "problem" | "defect"> = {}): void => {
      const ms = performance.now() - started;
      observer.answered({ requestId, model: model.bundle.name, status, rows: progress.rows, ms, ...failure });
    };
    try {
      const body = await answer({ model, route, limits, observer, request, response, progress });
      finish(route.status);
      response.writeHead(route.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      writeWhole(response, body);
    } catch (error) {
      const failure = failureOf(error);
      const { problem } = failure;
      const own = ownErrorFor(route, problem, request);
      finish(own?.status ?? problem.status, failure);
      if (response.headersSent) return;
      writeRefusal(response, problem, requestId, own);
    }
  };
}

/** A prediction that is asked for. */
interface Asked {
  readonly model: Model;
  readonly route: PredictRoute;
  readonly limits: PredictLimits;
  readonly observer: Observer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly progress: { rows: number };
}

async function answer(asked: Asked): Promise<string> {
  const { model, route, limits, observer, request, response, progress } = asked;
  acceptsJson(request);
  let taken: ReturnType<typeof available> | undefined;
  const ready = (): ReturnType<typeof available> => (taken ??= available(model));
  const timeoutMs = (): number => timeoutOf(request, limits, progress.rows);
  admit(model, timeoutMs()); // what these refuse is refused before a row is read
  const deadline = holdDeadline(timeoutMs);
  let waitedMs = 0;
  const imputed = observer.hearsImputed ? model.imputed?.() : undefined;
  const call: Call = {
    ...asked,
    ready,
    turn: () => {
      const turn = model.availability.state === "ready" ? model.availability.predictor.turn() : undefined;
      return turn && waitForTurn(turn, request, deadline, timeoutMs()).then((ms) => void (waitedMs = ms));
    },
    admit: (rows) => {
      ready().predictor.admitRows(rows, deadline.remainingMs());
    },
    owe: (rows) => {
      ready().predictor.owe(rows);
    },
    predict: (columns, lane) => {
      refuseLargeAnswer(progress.rows, ready().description);
      imputed?.add(columns);
      const ask = (): Promise<Predictions> => ready().predictor.predict(columns, deadline, lane);
      return limits.takeRows === undefined ? ask() : limits.takeRows(request, columns.rows).then(ask);
    },
    onRead: () => {
      deadline.start(timeoutMs() - waitedMs);
    },
  };
  const predicted = await untilClientGoes(response, deadline, () => predictSent(call));
  const predictedAt = performance.now();
  const { description } = ready();
  refuseNonFinite(predicted.predictions, model.nullable, predicted.pointerOf);
  const shaped = route.shapeFor(description)(predicted.predictions, predicted);
  if (isLargeAnswer(predicted.predictions.rows, description)) {
    await roomForMore();
    if (deadline.remainingMs() < 0) throw deadlineExceeded(timeoutMs());
  }
  const text = await writtenWhole(() => writeAnswerText(shaped, predicted.predictions.rows));
  response.setHeader("picklepod-bundle", `${description.name}@${description.version}; digest=${description.digest}`);
  if (predicted.unknownCategories.size > 0)
    response.setHeader("picklepod-unknown-categories", listedUnknown(predicted.unknownCategories));
  observer.timed(model.bundle.name, "shape", performance.now() - predictedAt);
  tellCells(observer, model, predicted.unknownCategories, imputed);
  return text;
}

/** One that is not ready says so when the rows have been read, and are what it takes. @throws Problem */
function admit({ availability }: Model, timeoutMs: number): void {
  if (availability.state === "ready") availability.predictor.admit(timeoutMs);
}

/** What came of the rows, and what their answer says besides. */
type Predicted = PredictedRows & Answering;

interface Call extends Asked, Asking {
  readonly progress: { rows: number };
  /** The model as it is from the first time on that this is called. @throws Problem unavailable */
  readonly ready: () => ReturnType<typeof available>;
  /** When it may be read; undefined where that is at once. @throws Problem overloaded, client-gone, deadline-exceeded */
  readonly turn: () => Promise<void> | undefined;
}

async function predictSent(call: Call): Promise<Predicted> {
  const { model, route, limits, request, response, ready, turn } = call;
  const started = performance.now();
  const waiting = turn();
  if (waiting !== undefined) await waiting; // a turn of the event loop's queue less where nobody waits
  if (route.request.shape !== "rows") return predictWhole(call, started);
  const limit = bodyLimitOf(model.bundle, limits.bodyBytes);
  const body = mayBeLarge(request) ? await beginning(readPieces(request, limit)) : await readBody(request, limit);
  const isWhole = Buffer.isBuffer(body);
  if (isWhole && !hasManyCells(body, model.bundle.inputs.size)) return predictWhole(call, started, body);
  ready();
  const pieces = isWhole ? again([body]) : body;
  const predicted = await predictLargeBody(model.bundle, pieces, limit, response, call);
  return { ...predicted, keys: [], seconds: (performance.now() - started) / 1000 };
}

/** `body`: where it has been read. */
async function predictWhole(call: Call, asked: number, body?: Buffer): Promise<Predicted> {
  const { model, route, limits, observer, request, progress, ready, predict, admit, onRead } = call;
  const sent = await readSent(model, route, limits, request, body);
  const started = performance.now();
  ready();
  const { keys, pointerOf, ...rows } = readRequest(route.request, sent);
  progress.rows = rows.rows.length; // also of those that are refused
  const { columns, unknownCategories } = model.validate({ pointerOf, ...rows });
  onRead();
  observer.timed(model.bundle.name, "read", started - asked);
  observer.timed(model.bundle.name, "validate", performance.now() - started);
  admit(columns.rows);
  const predictions = await predict(columns);
  return { predictions, unknownCategories, pointerOf, keys, seconds: (performance.now() - started) / 1000 };
}

/** What was sent, as values. */
async function readSent(
  { bundle }: Model,
  { request: contract }: PredictRoute,
  limits: PredictLimits,
  request: IncomingMessage,
  read?: Buffer,
): Promise<unknown> {
  if (contract.shape === "query") return rowFromQuery(queryOf(request.url ?? ""));
  const body = read ?? (await readBody(request, bodyLimitOfShape(contract.shape, bundle, limits.bodyBytes)));
  const parse = body.length > SHORT_BYTES ? parseInTurns : parseBody;
  return parse(body, request.headers["content-type"], jsonBoundsOf(contract.shape, bundle));
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

/** What the rows of a prediction that was made held out of the common. */
export function tellCells(
  observer: Observer,
  { bundle: { name } }: Model,
  unknownCategories: ReadonlyMap<string, number>,
  imputed: ImputedTally | undefined,
): void {
  if (unknownCategories.size > 0) observer.unknownCategories(name, unknownCategories);
  if (imputed !== undefined) observer.imputed(name, imputed.counts(unknownCategories));
}
