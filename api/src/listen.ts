import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

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
export async function listen(handler: RequestListener, port: number, host: string): Promise<Listening> {
  const server = createServer(
    { connectionsCheckingInterval: 500, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 },
    handler,
  );
  server.maxHeadersCount = 100;
  const unanswered = new Set<ServerResponse>();
  server.prependListener("request", (_request, response) => {
    unanswered.add(response);
    response.on("close", () => unanswered.delete(response));
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
