import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";

import { livez, type Readiness, readyz } from "./control/health";
import { addressesOf, findModel, listModels, notServed, showModel } from "./control/models";
import { v2Passthrough } from "./control/v2-passthrough";
import type { PredictLimits } from "./predict/deadline";
import { contractRoute, type Model, nativeRoute, type PredictRoute } from "./predict/model";
import { type Answered, createPredictHandler, type PredictHandler } from "./predict/predict-route";
import { failureOf, Problem, writeProblem } from "./problems";
import { isStreamed } from "./stream/media";
import { createStreamHandler } from "./stream/stream-route";

export interface AppOptions extends Readiness {
  readonly limits: PredictLimits;
  readonly sidecarUrlOf: (model: Model) => string | undefined;
  readonly rawInference: boolean;
  readonly answered: (answered: Answered) => void;
}

interface Route {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  readonly handler: RequestHandler<never>;
}

interface Prediction extends Route {
  readonly predict: PredictHandler;
}

/** Every route, and the order of what stands before it. The first model is the default, whose contract stands at the root too. */
export function createApp(options: AppOptions): RequestListener {
  const { models } = options;
  const find = findModel(models);
  const passthrough = v2Passthrough({
    defaultModel: models[0],
    find,
    urlOf: options.sidecarUrlOf,
    inference: options.rawInference,
  });
  const app = newApp();
  app.all("/v2{/*path}", passthrough); // before anything that would read a body
  const predictions = [
    ...models.flatMap((model) => modelRoutes(model, options)),
    ...(models[0] && options.refusedDefault === undefined ? contractRoutes("", models[0], options) : []),
  ];
  addRoutes(app, [
    { method: "get", path: "/livez", handler: livez },
    { method: "get", path: "/readyz", handler: readyz(options) },
    { method: "get", path: "/models", handler: listModels(options) },
    { method: "get", path: "/models/:model", handler: showModel(find, options.refused) },
    ...predictions,
  ]);
  finish(app, options);
  return predictionsFirst(predictions, app, options);
}

/** One bundle alone, its contract at the root: what SEED_PORTS opens at the bundle's own port. */
export function createContractApp(model: Model, options: AppOptions): RequestListener {
  const app = newApp();
  const predictions = contractRoutes("", model, options);
  addRoutes(app, predictions);
  finish(app, options);
  return predictionsFirst(predictions, app, options);
}

/**
 * What is exactly a prediction's method and address goes to its handler, past Express' router and middleware, which cost
 * more than validating the row. Whatever else comes (a query, an escaped address, another method) is Express' to answer.
 */
function predictionsFirst(predictions: readonly Prediction[], app: Express, options: AppOptions): RequestListener {
  const handlers = new Map(
    predictions.map(({ method, path, predict }) => [`${method.toUpperCase()} ${path}`, predict]),
  );
  return (request, response) => {
    const predict = handlers.get(`${request.method} ${request.url}`);
    if (predict === undefined) {
      app(request, response);
      return;
    }
    predict(request, response, giveId(request, response)).catch((error: unknown) => {
      answerError(error, request, response, options);
    });
  };
}

function newApp(): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  app.enable("strict routing");
  app.use(requestId);
  return app;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** A caller's own id is kept, so that its log and ours speak of the same request. */
function giveId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader("x-request-id", id);
  return id;
}

const requestId: RequestHandler = (request, response, next) => {
  giveId(request, response);
  next();
};

const idOf = (response: ServerResponse): string => String(response.getHeader("x-request-id"));

function modelRoutes(model: Model, options: AppOptions): Prediction[] {
  return addressesOf(model).flatMap((address): Prediction[] => [
    ...predictions("post", `/models/${address}/predictions`, model, nativeRoute, options),
    ...contractRoutes(`/models/${address}`, model, options),
  ]);
}

function contractRoutes(at: string, model: Model, options: AppOptions): Prediction[] {
  const { routes, errors } = model.bundle.manifest.contract;
  return routes.flatMap((route) =>
    predictions(route.method === "GET" ? "get" : "post", at + route.path, model, contractRoute(route, errors), options),
  );
}

/** Where rows are taken, they are taken as a stream too, and by PUT, as `curl -T rows.csv` sends them. */
function predictions(
  method: Route["method"],
  path: string,
  model: Model,
  route: PredictRoute,
  { limits, answered }: AppOptions,
): Prediction[] {
  const answering = (method: Route["method"], predict: PredictHandler): Prediction => ({
    method,
    path,
    predict,
    handler: (request, response) => predict(request, response, idOf(response)),
  });
  const whole = createPredictHandler(model, route, limits, answered);
  if (route.request.shape !== "rows") return [answering(method, whole)];
  const streamed = createStreamHandler(model, route, limits, answered);
  return [
    answering(method, (request, ...rest) => (isStreamed(request) ? streamed : whole)(request, ...rest)),
    answering("put", streamed),
  ];
}

/** A path answers its own methods, and 405 to every other. */
function addRoutes(app: Express, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const added = app.route(path);
    for (const { method, handler } of here) added[method](handler);
    const allowed = here.map(({ method }) => method.toUpperCase());
    added.all(() => {
      throw new Problem("method-not-allowed", {
        detail: `Use ${allowed.join(" or ")}.`,
        headers: { allow: allowed.join(", ") },
      });
    });
  }
}

function finish(app: Express, options: AppOptions): void {
  const { models, refused, refusedDefault } = options;
  const find = findModel(models);
  app.use((request) => {
    const name = /^\/models\/([^/]+)\//.exec(request.path)?.[1];
    if (name !== undefined && !find(decodeURIComponent(name))) throw notServed(decodeURIComponent(name), refused);
    if (name === undefined && refusedDefault !== undefined) throw notServed(refusedDefault, refused);
    throw new Problem("not-found", { detail: "GET /models lists the models and their addresses." });
  });
  const failed: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    answerError(error, request, response, options);
  };
  app.use(failed);
}

function answerError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { answered }: Pick<AppOptions, "answered">,
): void {
  const failure = failureOf(error instanceof URIError ? badAddress() : error);
  const { problem } = failure;
  answered({ requestId: idOf(response), model: "", status: problem.status, rows: 0, ms: 0, ...failure });
  if (response.headersSent) request.destroy();
  else writeProblem(response, problem, idOf(response));
}

const badAddress = (): Problem => new Problem("malformed", { detail: "The address is not percent-encoded UTF-8." });
