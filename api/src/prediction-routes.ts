// A model's own addresses, and those of its contract.
import { addressesOf } from "./control/models";
import type { Observer } from "./observer";
import type { PredictLimits } from "./predict/deadline";
import { contractRoute, type Model, nativeRoute, type PredictRoute } from "./predict/model";
import { createPredictHandler, type PredictHandler } from "./predict/predict-route";
import { idOf } from "./request-id";
import type { Route } from "./routes";
import { isStreamed } from "./stream/media";
import { createStreamHandler } from "./stream/stream-route";

export interface Prediction extends Route {
  readonly needs: { readonly bundle: string };
  readonly predict: PredictHandler;
}

interface PredictionOptions {
  readonly limits: PredictLimits;
  readonly observer: Observer;
}

export function modelRoutes(model: Model, options: PredictionOptions): Prediction[] {
  return addressesOf(model).flatMap((address): Prediction[] => [
    ...predictions("post", `/models/${address}/predictions`, model, nativeRoute, options),
    ...contractRoutes(`/models/${address}`, model, options),
  ]);
}

export function contractRoutes(at: string, model: Model, options: PredictionOptions): Prediction[] {
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
  { limits, observer }: PredictionOptions,
): Prediction[] {
  const answering = (method: Route["method"], predict: PredictHandler): Prediction => ({
    method,
    path,
    predict,
    needs: { bundle: model.bundle.name },
    handler: (request, response) => predict(request, response, idOf(response)),
  });
  const whole = createPredictHandler(model, route, limits, observer);
  if (route.request.shape !== "rows") return [answering(method, whole)];
  const streamed = createStreamHandler(model, route, limits, observer);
  return [
    answering(method, (request, ...rest) => (isStreamed(request) ? streamed : whole)(request, ...rest)),
    answering("put", streamed),
  ];
}
