import type { Express, RequestHandler, Response } from "express";

import type { Door, Needs } from "./access/door";
import { Problem } from "./problems";

export interface Route {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  /** Who may. */
  readonly needs: Needs;
  readonly handler: RequestHandler<never>;
}

/** A path answers its own methods, and 405 to every other. */
export function addRoutes(app: Express, routes: readonly Route[], door: Door | undefined): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const added = app.route(path);
    for (const { method, needs, handler } of here) added[method](guard(door, needs), handler);
    const allowed = here.map(({ method }) => method.toUpperCase());
    added.all(guard(door, here[0]?.needs ?? "key"), () => {
      throw new Problem("method-not-allowed", {
        detail: `Use ${allowed.join(" or ")}.`,
        headers: { allow: allowed.join(", ") },
      });
    });
  }
}

/** Lets nobody by who may not come in. */
export function guard(door: Door | undefined, needs: Needs): RequestHandler<never> {
  return async (request, response, next) => {
    if (typeof needs === "object") response.locals["bundle"] = needs.bundle;
    await door?.enter(request, response, needs);
    next();
  };
}

/** Whose predictions the address is for; empty where it is for none's. */
export const bundleOf = ({ locals }: Response): string =>
  typeof locals["bundle"] === "string" ? locals["bundle"] : "";
