import { createServer, type RequestListener, type Server } from "node:http";

/** A port that cannot be had, said so that a person knows what to do. */
export class PortError extends Error {}

/** @throws PortError */
export function listen(handler: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(
    { connectionsCheckingInterval: 500, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 },
    handler,
  );
  server.maxHeadersCount = 100;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new PortError(portMessage(error, port, host)));
    });
    server.listen(port, host, () => {
      resolve(server);
    });
  });
}

function portMessage(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === "EADDRINUSE")
    return `The port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`;
  if (error.code === "EACCES")
    return `The port ${port} needs more rights than this process has. Choose one above 1023: PORT=8080 npm start`;
  return `${host}:${port} cannot be listened on: ${error.message}. Mend HOST or PORT.`;
}

/** Takes no new connection, lets every request that has begun be answered, and closes idle connections at once. */
export function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
}
