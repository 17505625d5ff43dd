import type { ServerResponse } from "node:http";

import type { Answered, Observer } from "../observer";
import { ownErrorFor } from "../predict/accept";
import type { PredictLimits } from "../predict/deadline";
import type { Model, PredictRoute } from "../predict/model";
import { type PredictHandler, tellCells } from "../predict/predict-route";
import { failureOf, type OwnError, type Problem, problemBody } from "../problems";
import { writeUnreadProblem } from "../write-unread";
import { answerStream, type Call, type Progress } from "./answer-stream";
import { watchClient } from "./client";
import { mostHeldBy, streamsUnderWay } from "./streams-under-way";

/** Predictions of any number of rows, read and written piece by piece: see docs/bulk.md. */
export function createStreamHandler(
  model: Model,
  route: PredictRoute,
  limits: PredictLimits,
  observer: Observer,
  underWay = streamsUnderWay,
): PredictHandler {
  return async (request, response, requestId) => {
    const started = performance.now();
    const client = watchClient(request, response);
    const progress: Progress = { rows: 0, predicted: 0, refused: 0, unknownCategories: new Map() };
    const tell = (status: number, failure: Pick<Answered, "problem" | "defect"> = {}): void => {
      const ms = performance.now() - started;
      observer.answered({ requestId, model: model.bundle.name, status, rows: progress.rows, ms, ...failure });
    };
    const imputed = observer.hearsImputed ? model.imputed?.() : undefined;
    const call = { model, route, limits, request, response, client, progress, imputed };
    let leave: (() => void) | undefined;
    try {
      leave = underWay.begin(mostHeldBy(model.bundle.inputs.size), client, () => {
        observer.shed(model.bundle.name, "streams");
      });
      await answerStream(call);
      tell(route.status);
      tellCells(observer, model, progress.unknownCategories, imputed);
    } catch (thrown) {
      const error: unknown = client.signal.aborted ? client.signal.reason : thrown;
      const failure = failureOf(error);
      const { problem } = failure;
      const own = ownErrorFor(route, problem, request);
      tell(own?.status ?? problem.status, failure);
      await tellClient(call, problem, requestId, own);
    } finally {
      leave?.();
      client.done();
    }
  };
}

/**
 * A problem before the first byte of the answer is the answer; one behind it is said last, and the connection broken off.
 * Behind the last byte, which is not read, nothing can be said any more.
 */
async function tellClient(
  { response, progress }: Call,
  problem: Problem,
  requestId: string,
  own: OwnError | undefined,
): Promise<void> {
  if (response.destroyed) return;
  const { answer } = progress;
  if (answer === undefined) writeUnreadProblem(response, problem, requestId, own);
  else if (response.writableEnded) response.destroy();
  else await breakOff(answer, problemBody(problem, requestId), response);
}

/** A client that does not read learns no more than that the connection is gone. */
async function breakOff(
  { output, writer }: NonNullable<Progress["answer"]>,
  problem: string,
  response: ServerResponse,
): Promise<void> {
  try {
    await output.breakOff(writer.failed(problem));
  } catch {
    response.destroy();
  }
}
