import type { RequestHandler } from "express";

import type { TellMetrics } from "./metrics-text";

/** GET /metrics */
export function metricsRoute(tell: TellMetrics): RequestHandler {
  return async (_request, response) => {
    const { contentType, text } = await tell();
    response.set("content-type", contentType).send(text);
  };
}
