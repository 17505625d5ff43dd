import { randomUUID } from "node:crypto";

import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from "express";

import { livez, type Readiness, readyz } from "./control/health";
import { addressesOf, findModel, listModels, notServed, showModel } from "./control/models";
import { v2Passthrough } from "./control/v2-passthrough";
import { contractRoute, type Model, nativeRoute, type PredictRoute } from "./predict/model";
import { type Answered, createPredictHandler, type PredictLimits } from "./predict/predict-route";
import { asProblem, Problem, writeProblem } from "./problems";

export interface AppOptions extends Readiness {
  readonly limits: PredictLimits;
  readonly sidecarUrlOf: (model: Model) => string | undefined;
  readonly rawInference: boolean;
  readonly answered: (answered: Answered) => void;
}

interface Route {
  readonly method: "get" | "post";
  readonly path: string;
  readonly handler: RequestHandler<never>;
}

/** Every route, and the order of what stands before it. The first model is the default, whose contract stands at the root too. */
export function createApp(options: AppOptions): Express {
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
  addRoutes(app, [
    { method: "get", path: "/livez", handler: livez },
    { method: "get", path: "/readyz", handler: readyz(options) },
    { method: "get", path: "/models", handler: listModels(options) },
    { method: "get", path: "/models/:model", handler: showModel(find, options.refused) },
    ...models.flatMap((model) => modelRoutes(model, options)),
    ...(models[0] && options.refusedDefault === undefined ? contractRoutes("", models[0], options) : []),
  ]);
  finish(app, options);
  return app;
}

/** One bundle alone, its contract at the root: what SEED_PORTS opens at the bundle's own port. */
export function createContractApp(model: Model, options: AppOptions): Express {
  const app = newApp();
  addRoutes(app, contractRoutes("", model, options));
  finish(app, options);
  return app;
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
const requestId: RequestHandler = (request, response, next) => {
  const given = request.get("x-request-id");
  response.setHeader("x-request-id", given && REQUEST_ID.test(given) ? given : randomUUID());
  next();
};

const idOf = (response: Response): string => String(response.getHeader("x-request-id"));

function modelRoutes(model: Model, options: AppOptions): Route[] {
  return addressesOf(model).flatMap((address): Route[] => [
    { method: "post", path: `/models/${address}/predictions`, handler: predictHandler(model, nativeRoute, options) },
    ...contractRoutes(`/models/${address}`, model, options),
  ]);
}

function contractRoutes(at: string, model: Model, options: AppOptions): Route[] {
  const { routes, errors } = model.bundle.manifest.contract;
  return routes.map((route) => ({
    method: route.method === "GET" ? "get" : "post",
    path: at + route.path,
    handler: predictHandler(model, contractRoute(route, errors), options),
  }));
}

function predictHandler(model: Model, route: PredictRoute, { limits, answered }: AppOptions): RequestHandler {
  const handle = createPredictHandler(model, route, limits, answered);
  return (request, response) => handle(request, response, idOf(response));
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

function finish(app: Express, { models, refused, refusedDefault, answered }: AppOptions): void {
  const find = findModel(models);
  app.use((request) => {
    const name = /^\/models\/([^/]+)\//.exec(request.path)?.[1];
    if (name !== undefined && !find(decodeURIComponent(name))) throw notServed(decodeURIComponent(name), refused);
    if (name === undefined && refusedDefault !== undefined) throw notServed(refusedDefault, refused);
    throw new Problem("not-found", { detail: "GET /models lists the models and their addresses." });
  });
  const failed: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const problem = error instanceof URIError ? badAddress() : asProblem(error);
    const defect = problem === error || error instanceof URIError ? {} : { defect: error };
    answered({ requestId: idOf(response), model: "", status: problem.status, rows: 0, ms: 0, problem, ...defect });
    if (response.headersSent) request.destroy();
    else writeProblem(response, problem, idOf(response));
  };
  app.use(failed);
}

const badAddress = (): Problem => new Problem("malformed", { detail: "The address is not percent-encoded UTF-8." });
