import type { RequestHandler } from "express";

import { type DocumentOptions, openApiDocument } from "./document";

/** GET /openapi.json. It is made when it is asked for, and again once more is known of a model's answers. */
export function openApiRoute(options: DocumentOptions): RequestHandler {
  let made: { readonly known: string; readonly text: string } | undefined;
  return (_request, response) => {
    const known = options.models.map(({ availability }) => availability.state === "ready").join();
    if (made?.known !== known) made = { known, text: JSON.stringify(openApiDocument(options)) };
    response.type("json").send(made.text);
  };
}
