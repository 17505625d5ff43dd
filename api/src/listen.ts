import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { Problem, writeProblem } from "./problems";
import { isWatched } from "./stream/client";

/** A port that cannot be had, said so that a person knows what to do. */
export class PortError extends Error {
  override readonly name = "PortError";
}

export interface Listening {
  readonly url: string;
  /** Lets kept connections end with their next answer, then takes no new one; resolves when none is left. */
  readonly drain: () => Promise<void>;
  /** Cuts what is left. */
  readonly cut: () => void;
}

/** @throws PortError */
export async function listen(
  handler: RequestListener,
  port: number,
  host: string,
  { sweepMs = SWEEP_MS, bodyWithinMs = BODY_WITHIN_MS } = {},
): Promise<Listening> {
  const server = createServer(
    { connectionsCheckingInterval: 500, headersTimeout: 10_000, requestTimeout: 0, keepAliveTimeout: 65_000 },
    handler,
  );
  server.maxHeadersCount = 100;
  const unanswered = new Set<ServerResponse>();
  server.prependListener("request", (_request, response) => {
    unanswered.add(response);
    response.on("close", () => unanswered.delete(response));
  });
  const sweeping = setInterval(sweepSlowBodies(unanswered, bodyWithinMs), sweepMs).unref();
  server.on("close", () => {
    clearInterval(sweeping);
  });
  await opened(server, port, host);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    drain: () => drain(server, unanswered),
    cut: () => {
      server.closeAllConnections();
    },
  };
}

const SWEEP_MS = 5_000;
const BODY_WITHIN_MS = 60_000;

/**
 * Answers and ends what has not sent its body in time. Node's own requestTimeout would end a stream too, which takes as
 * long as its rows do and has an idle time-out of its own; and a timer a request would cost more than this look at those
 * under way.
 */
function sweepSlowBodies(unanswered: ReadonlySet<ServerResponse>, withinMs: number): () => void {
  const firstSeen = new WeakMap<ServerResponse, number>();
  return () => {
    const now = performance.now();
    for (const response of unanswered) {
      if (response.req.complete || isWatched(response)) continue;
      const since = firstSeen.get(response) ?? now;
      firstSeen.set(response, since);
      if (now - since >= withinMs) endSlowBody(response, withinMs);
    }
  };
}

/** Whoever reads the body hears of it behind the answer, since what ends a request ends its connection. */
function endSlowBody(response: ServerResponse, withinMs: number): void {
  const detail = `The body was not complete after ${Math.round(withinMs / 1000)} s. Send it faster, or as a stream, which may take any time: see docs/bulk.md.`;
  const problem = new Problem("client-idle", { detail, headers: { connection: "close" } });
  const end = (): void => void response.req.destroy(problem);
  if (response.headersSent) end();
  else writeProblem(response.once("close", end), problem, String(response.getHeader("x-request-id")));
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new PortError(portMessage(error, port, host)));
    });
    server.listen(port, host, resolve);
  });
}

function portMessage(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === "EADDRINUSE")
    return `The port ${port} is in use. Stop what uses it, or choose another with PORT, or --port of picklepod serve`;
  if (error.code === "EACCES")
    return `The port ${port} needs more rights than this process has. Choose one above 1023 with PORT, or --port of picklepod serve`;
  return `${host}:${port} cannot be listened on: ${error.message}. Mend HOST or PORT.`;
}

/** A kept connection ends with the answer that is on its way: the client is told, so that it never writes into a closed one. */
function drain(server: Server, unanswered: ReadonlySet<ServerResponse>): Promise<void> {
  server.prependListener("request", (_request, response) => response.setHeader("connection", "close"));
  for (const response of unanswered) if (!response.headersSent) response.setHeader("connection", "close");
  return new Promise((resolve) => {
    setTimeout(() => {
      server.close(() => {
        resolve();
      });
      server.closeIdleConnections();
    }, GOODBYE_MS);
  });
}

/**
 * How long the port stays open after the signal: a client that is about to use a kept connection again learns from its
 * next answer that it ends, in place of finding it closed; a balancer sees that we are not ready.
 */
const GOODBYE_MS = 1_000;
