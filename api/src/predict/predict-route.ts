import type { IncomingMessage, ServerResponse } from "node:http";

import type { Pinned } from "../bundle/description";
import type { Answered, Observer } from "../observer";
import { clientGone, failureOf } from "../problems";
import type { ImputedTally } from "../rows/imputed";
import { writeRefusal } from "../write-unread";
import { acceptsJson, ownErrorFor } from "./accept";
import { isLargeAnswer, refuseLargeAnswer, writtenWhole } from "./answer-size";
import { writeAnswerText } from "./answer-text";
import { type Deadline, deadlineExceeded, holdDeadline, type PredictLimits, timeoutOf } from "./deadline";
import { listedUnknown } from "./list-unknown";
import type { Model, PredictRoute, ReadyModel } from "./model";
import { type Asked, type Predicted, predictSent, type SentCall } from "./predict-sent";
import type { Predictions } from "./predictions";
import { unavailable } from "./sidecar-failure";
import { refuseNonFinite } from "./not-finite";
import { waitForTurn } from "./wait-for-turn";
import { roomForMore, writeWhole } from "./write-whole";

export type PredictHandler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** A prediction from request to response: `answer` holds its stages. */
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

async function answer(asked: Asked): Promise<string> {
  const { model, limits, observer, request, response, progress } = asked;
  acceptsJson(request);
  let taken: ReadyModel | undefined;
  const ready = (): ReadyModel => (taken ??= available(model));
  const timeoutMs = (): number => timeoutOf(request, limits, progress.rows);
  admit(model, timeoutMs()); // what these refuse is refused before a row is read
  const deadline = holdDeadline(timeoutMs);
  let waitedMs = 0;
  const imputed = observer.hearsImputed ? model.imputed?.() : undefined;
  const call: SentCall = {
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
  const text = await shapedText(asked, predicted, description, () => {
    if (deadline.remainingMs() < 0) throw deadlineExceeded(timeoutMs());
  });
  response.setHeader("picklepod-bundle", `${description.name}@${description.version}; digest=${description.digest}`);
  if (predicted.unknownCategories.size > 0)
    response.setHeader("picklepod-unknown-categories", listedUnknown(predicted.unknownCategories));
  observer.timed(model.bundle.name, "shape", performance.now() - predictedAt);
  tellCells(observer, model, predicted.unknownCategories, imputed);
  return text;
}

/** @throws Problem not-finite, client-gone, and what `throwIfLate` throws */
async function shapedText(
  { model, route, response }: Asked,
  predicted: Predicted,
  description: Pinned,
  throwIfLate: () => void,
): Promise<string> {
  const { predictions } = predicted;
  const throwIfGone = (): void => {
    if (response.destroyed) throw clientGone();
  };
  refuseNonFinite(predictions, model.nullable, predicted.pointerOf);
  const shaped = route.shapeFor(description)(predictions, predicted);
  if (isLargeAnswer(predictions.rows, description)) {
    await roomForMore();
    throwIfGone();
    throwIfLate();
  }
  return writtenWhole(() => writeAnswerText(shaped, predictions.rows, throwIfGone));
}

/** One that is not ready says so when the rows have been read, and are what it takes. @throws Problem */
function admit({ availability }: Model, timeoutMs: number): void {
  if (availability.state === "ready") availability.predictor.admit(timeoutMs);
}

/** @throws Problem unavailable */
export function available({ availability, bundle }: Model): ReadyModel {
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
