import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import express, { type ErrorRequestHandler, type Express } from "express";

import type { Door } from "./access/door";
import type { Dress } from "./access/dress";
import type { Readiness } from "./control/health";
import { findModel, notServed } from "./control/models";
import type { ReloadOutcome } from "./control/reload-route";
import { v2Passthrough } from "./control/v2-passthrough";
import { controlRoutes, healthRoutes } from "./control-routes";
import { documentRoutes } from "./document-routes";
import type { TellMetrics } from "./metrics/metrics-text";
import type { Observer } from "./observer";
import type { PredictLimits } from "./predict/deadline";
import type { Model } from "./predict/model";
import type { PredictHandler } from "./predict/predict-route";
import { contractRoutes, modelRoutes, type Prediction } from "./prediction-routes";
import { failureOf, Problem } from "./problems";
import { giveId, idOf, requestId } from "./request-id";
import { addRoutes, bundleOf, guard } from "./routes";
import { writeRefusal } from "./write-unread";

export interface AppOptions extends Readiness {
  readonly limits: PredictLimits;
  readonly sidecarUrlOf: (model: Model) => string | undefined;
  readonly rawInference: boolean;
  readonly door?: Door | undefined;
  readonly dress?: Dress | undefined;
  /** What the sidecars know the API by. */
  readonly sidecarToken?: string | undefined;
  /** The control plane has a port of its own. */
  readonly controlElsewhere?: boolean;
  /** Reads the bundles again; there is no /admin/reload without it. */
  readonly reload?: () => Promise<readonly ReloadOutcome[]>;
  readonly observer: Observer;
  /** What was counted; there is no /metrics without it. */
  readonly tellMetrics?: TellMetrics | undefined;
}

/** Every route, and the order of what stands before it. The first model is the default, whose contract stands at the root too. */
export function createApp(options: AppOptions): RequestListener {
  const { models, controlElsewhere = false } = options;
  const predictions = [
    ...models.flatMap((model) => modelRoutes(model, options)),
    ...(models[0] && options.refusedDefault === undefined ? contractRoutes("", models[0], options) : []),
  ];
  const app = newApp(options);
  if (!controlElsewhere) addPassthrough(app, options);
  const control = controlElsewhere ? [] : controlRoutes(options);
  addRoutes(app, [...healthRoutes(options), ...documentRoutes(options), ...control, ...predictions], options.door);
  finish(app, options);
  return predictionsFirst(predictions, app, options);
}

/** The control plane alone: what ADMIN_PORT opens. */
export function createControlApp(given: AppOptions): RequestListener {
  const options = { ...given, dress: given.dress && { ...given.dress, cors: undefined } }; // pages may call predictions alone
  const app = newApp(options);
  addPassthrough(app, options);
  addRoutes(app, [...healthRoutes(options), ...controlRoutes(options)], options.door);
  finish(app, options);
  return predictionsFirst([], app, options);
}

/** Before anything that would read a body. */
function addPassthrough(app: Express, { models, door, ...options }: AppOptions): void {
  const passthrough = v2Passthrough({
    defaultModel: models[0],
    find: findModel(models),
    urlOf: options.sidecarUrlOf,
    inference: options.rawInference,
    token: options.sidecarToken,
    bodyBytes: options.limits.bodyBytes,
    door,
    onRefused: (problem, response, model) => {
      const { status } = problem;
      options.observer.answered({ requestId: idOf(response), model, status, rows: 0, problem });
    },
  });
  app.all("/v2{/*path}", passthrough);
}

/** One bundle alone, its contract at the root: what SEED_PORTS opens at the bundle's own port. */
export function createContractApp(model: Model, options: AppOptions): RequestListener {
  const app = newApp(options);
  const predictions = contractRoutes("", model, options);
  addRoutes(app, predictions, options.door);
  finish(app, options);
  return predictionsFirst(predictions, app, options);
}

/**
 * What is exactly a prediction's method and address goes to its handler, past Express' router and middleware, which cost
 * more than validating the row. Whatever else comes (a query, an escaped address, another method) is Express' to answer.
 */
function predictionsFirst(predictions: readonly Prediction[], app: Express, options: AppOptions): RequestListener {
  const handlers = new Map(
    predictions.map((prediction) => [`${prediction.method.toUpperCase()} ${prediction.path}`, prediction]),
  );
  const { door, dress } = options;
  return (request, response) => {
    if (dress?.cors?.(request, response) === true) return;
    const prediction = handlers.get(`${request.method} ${request.url}`);
    if (prediction === undefined) {
      (app as unknown as Handle)(request, response, (error) => {
        giveId(request, response);
        answerError(error ?? badTarget(), request, response, options, "");
      });
      return;
    }
    const id = giveId(request, response);
    for (const [name, value] of dress?.prediction ?? []) response.setHeader(name, value);
    const answer = door?.asksPredictions === true ? behind(door, prediction) : prediction.predict;
    answer(request, response, id).catch((error: unknown) => {
      answerError(error, request, response, options, prediction.needs.bundle);
    });
  };
}

/** Of an Express app, what its types leave out: `routeless` is called where a request's target has no path, or came to no route. */
type Handle = (request: IncomingMessage, response: ServerResponse, routeless: (error?: unknown) => void) => void;

const behind =
  (door: Door, { needs, predict }: Prediction): PredictHandler =>
  async (request, response, id) => {
    const entering = door.enter(request, response, needs);
    if (entering !== undefined) await entering; // a turn of the event loop's queue less where nothing is to be asked
    await predict(request, response, id);
  };

function newApp({ dress }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  app.enable("strict routing");
  app.use(requestId);
  if (dress) app.use(dress.document);
  return app;
}

function finish(app: Express, options: AppOptions): void {
  const { models, refused, refusedDefault } = options;
  const find = findModel(models);
  app.use(guard(options.door, "key"), (request) => {
    const name = /^\/models\/([^/]+)\//.exec(request.path)?.[1];
    if (name !== undefined && !find(decodeURIComponent(name))) throw notServed(decodeURIComponent(name), refused);
    if (name === undefined && refusedDefault !== undefined) throw notServed(refusedDefault, refused);
    throw new Problem("not-found", { detail: "GET /models lists the models and their addresses." });
  });
  const failed: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    answerError(error, request, response, options, bundleOf(response));
  };
  app.use(failed);
}

function answerError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { observer }: Pick<AppOptions, "observer">,
  model: string,
): void {
  const failure = failureOf(error instanceof URIError ? badAddress() : error);
  const { problem } = failure;
  observer.answered({ requestId: idOf(response), model, status: problem.status, rows: 0, ...failure });
  if (response.headersSent) request.destroy();
  else writeRefusal(response, problem, idOf(response));
}

const badTarget = (): Problem =>
  new Problem("malformed", { detail: "The request's target is no address: it has no path." });
const badAddress = (): Problem => new Problem("malformed", { detail: "The address is not percent-encoded UTF-8." });
