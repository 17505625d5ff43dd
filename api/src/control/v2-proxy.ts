import type { IncomingMessage } from "node:http";

import { createProxyMiddleware } from "http-proxy-middleware";

import { doesNotAnswer, type Turn } from "./v2-passthrough-turns";

const turns = new WeakMap<IncomingMessage, Turn>();

/**
 * One for the process: it leaves a listener at the server of its first call for as long as that lives, while sets of bundles
 * come and go. It asks nobody to wait: that is done before.
 */
const proxy = createProxyMiddleware({
  router: (request) => turns.get(request)?.call.url,
  changeOrigin: true,
  on: {
    proxyReq: (upstream, request) => turns.get(request)?.isPassedOnBy(upstream),
    proxyRes: (answer, _request, response) => {
      // what has begun and will not be whole must not look as if more of it were to come
      answer.once("close", () => {
        if (!answer.complete) response.destroy();
      });
    },
    error: (_error, request, response) => {
      if ("writeHead" in response && !response.headersSent) turns.get(request)?.call.late(doesNotAnswer());
    },
  },
});

export function passOn(turn: Turn, next: (error?: unknown) => void): void {
  const { request, response } = turn.call;
  turns.set(request, turn);
  void proxy(request, response, next);
}
