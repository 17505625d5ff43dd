// From what was sent to predictions, at once or in parts.
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Observer } from "../observer";
import { bodyLimitOf, bodyLimitOfShape, jsonBoundsOf } from "./body-limit";
import type { PredictLimits } from "./deadline";
import { SHORT_BYTES } from "./json-size";
import { type Asking, beginning, hasManyCells, mayBeLarge, type PredictedRows, predictLargeBody } from "./large-body";
import type { Model, PredictRoute, ReadyModel } from "./model";
import { parseBody, parseInTurns } from "./parse-body";
import { again, readBody, readPieces } from "./read-body";
import { readRequest, rowFromQuery } from "./read-request";
import type { Answering } from "./shape-response";

export interface Asked {
  readonly model: Model;
  readonly route: PredictRoute;
  readonly limits: PredictLimits;
  readonly observer: Observer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly progress: { rows: number };
}

/** What came of the rows, and what their answer says besides. */
export type Predicted = PredictedRows & Answering;

export interface SentCall extends Asked, Asking {
  readonly progress: { rows: number };
  /** The model as it is from the first time on that this is called. @throws Problem unavailable */
  readonly ready: () => ReadyModel;
  /** When it may be read; undefined where that is at once. @throws Problem overloaded, client-gone, deadline-exceeded */
  readonly turn: () => Promise<void> | undefined;
}

export async function predictSent(call: SentCall): Promise<Predicted> {
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
async function predictWhole(call: SentCall, asked: number, body?: Buffer): Promise<Predicted> {
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
