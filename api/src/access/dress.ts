import type { IncomingMessage, ServerResponse } from "node:http";

import cors from "cors";
import helmet from "helmet";

export interface DressOptions {
  readonly origins: readonly string[];
  readonly hasTls: boolean;
}

/** What every answer carries for the browser's sake. */
export interface Dress {
  /** Of a prediction, which is never a document: a browser must only not take it for one. */
  readonly prediction: readonly (readonly [name: string, value: string])[];
  /** Of everything else: all that helmet knows. */
  readonly document: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  /** Where pages of other origins may call. `true`: the browser asked beforehand, and has been answered. */
  readonly cors: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

const TOLD = [
  ...["picklepod-bundle", "picklepod-unknown-categories", "picklepod-summary", "x-request-id"],
  ...["ratelimit", "ratelimit-policy", "retry-after"],
];

export function createDress({ origins, hasTls }: DressOptions): Dress {
  const document = helmet({
    strictTransportSecurity: hasTls && { maxAge: A_YEAR, includeSubDomains: false }, // of its neighbours we know nothing
    contentSecurityPolicy: {
      directives: {
        fontSrc: ["'self'", "data:"],
        frameAncestors: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        upgradeInsecureRequests: hasTls ? [] : null, // without TLS there is nothing to upgrade to
      },
    },
    frameguard: { action: "deny" },
  });
  return {
    prediction: [
      ["x-content-type-options", "nosniff"],
      ...(hasTls ? ([["strict-transport-security", `max-age=${A_YEAR}`]] as const) : []),
    ],
    document,
    cors: origins.length === 0 ? undefined : answerBrowsers(origins),
  };
}

const A_YEAR = 365 * 86_400;

/** Keys go in a header and never in a cookie, so no page can use one that is not its own. */
function answerBrowsers(origins: readonly string[]): NonNullable<Dress["cors"]> {
  const apply = cors({
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "POST", "PUT"],
    exposedHeaders: TOLD,
    maxAge: 600,
  });
  return (request, response) => {
    let isOver = true;
    apply(request, response, () => (isOver = false));
    return isOver;
  };
}
