import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

import type { RequestHandler } from "express";

/** Swagger UI, served from ourselves: nothing of the page comes from, or goes to, anywhere else. */
const UI_FILES = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];
// found and not required, which would run all of it at each start
const uiFolder = dirname(require.resolve("swagger-ui-dist/package.json"));
const OWN_FILES = ["start.js"];

const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "connect-src 'self'", "font-src 'self' data:"],
  ...["img-src 'self' data:", "style-src 'self' 'unsafe-inline'"], // Swagger UI sets styles on its elements
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Picklepod API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" href="docs/favicon-32x32.png">
  </head>
  <body>
    <form id="key" hidden>
      <label>This API asks for a key: <input name="key" type="password" autocomplete="off"></label>
      <button>Read</button>
      <p id="told"></p>
    </form>
    <main id="api">Reading openapi.json…</main>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** GET /docs: a page to read the document and try what it tells. */
export const docsPage: RequestHandler = (_request, response) => {
  response.set("content-security-policy", POLICY).type("html").send(page);
};

/** By their address: the files of the page. */
export const docsFiles: readonly (readonly [path: string, handler: RequestHandler])[] = [
  ...UI_FILES.map((file) => [`/docs/${file}`, fileHandler(uiFolder, file)] as const),
  ...OWN_FILES.map((file) => [`/docs/${file}`, scriptHandler] as const),
];

/** Read once and kept: a file opened for each call would let callers take all that the process may open. */
function fileHandler(root: string, file: string): RequestHandler {
  let content: Buffer | undefined;
  return (_request, response) => {
    content ??= readFileSync(join(root, file));
    response.set("cache-control", "public, max-age=3600").type(extname(file)).send(content);
  };
}

/**
 * Where keys are asked for, so it is for openapi.json: the page asks the reader for one, and uses it for what is tried too.
 * The validator that Swagger UI would ask is on the internet, so it is none.
 */
const startScript = `"use strict";
const form = document.getElementById("key");
async function start(key) {
  const answer = await fetch("openapi.json", { headers: key ? { authorization: "Bearer " + key } : {} });
  form.hidden = answer.ok;
  if (!answer.ok) {
    document.getElementById("api").textContent = "";
    document.getElementById("told").textContent = (await answer.json()).detail;
    return;
  }
  const ui = SwaggerUIBundle({ spec: await answer.json(), dom_id: "#api", validatorUrl: null, deepLinking: true,
    onComplete: () => setTimeout(() => key && ui.preauthorizeApiKey("bearer", key)) });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  start(new FormData(form).get("key"));
});
start("");
`;

function scriptHandler(...[, response]: Parameters<RequestHandler>): void {
  response.type("text/javascript").send(startScript);
}
