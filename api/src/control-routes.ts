import type { AppOptions } from "./app";
import { livez, readyz } from "./control/health";
import { findModel, listModels, showModel } from "./control/models";
import { reloadRoute } from "./control/reload-route";
import { metricsRoute } from "./metrics/metrics-route";
import type { Route } from "./routes";

/** Whether it lives and can answer: for anybody, whatever else is refused. */
export const healthRoutes = (options: AppOptions): Route[] => [
  { method: "get", path: "/livez", needs: "open", handler: livez },
  { method: "get", path: "/readyz", needs: "open", handler: readyz(options) },
];

/** The control plane: on the port of the predictions, or alone on ADMIN_PORT. */
export const controlRoutes = (options: AppOptions): Route[] => [
  ...(options.tellMetrics
    ? [
        {
          method: "get",
          path: "/metrics",
          needs: "control:metrics",
          handler: metricsRoute(options.tellMetrics),
        } as const,
      ]
    : []),
  { method: "get", path: "/models", needs: "key", handler: listModels(options) },
  { method: "get", path: "/models/:model", needs: "key", handler: showModel(findModel(options.models), options) },
  ...(options.reload
    ? [
        {
          method: "post",
          path: "/admin/reload",
          needs: "control:reload",
          handler: reloadRoute(options.reload),
        } as const,
      ]
    : []),
];
