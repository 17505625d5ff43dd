import type { AppOptions } from "./app";
import { docsFiles, docsPage } from "./openapi/docs-page";
import { openApiRoute } from "./openapi/openapi-route";
import type { Route } from "./routes";

/** What this port offers, for programs and for people: the document is for whoever may ask a model. */
export function documentRoutes(options: AppOptions): Route[] {
  const document = openApiRoute({
    models: options.models,
    hasDefault: options.refusedDefault === undefined,
    needsKey: options.door?.demandsKeys === true,
    hasMetrics: options.tellMetrics !== undefined,
    hasReload: options.reload !== undefined,
    hasControl: options.controlElsewhere !== true,
  });
  return [
    { method: "get", path: "/openapi.json", needs: "key", handler: document },
    { method: "get", path: "/docs", needs: "open", handler: docsPage },
    ...docsFiles.map(([path, handler]): Route => ({ method: "get", path, needs: "open", handler })),
  ];
}
