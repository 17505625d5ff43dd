import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import { CallsUnderWay } from "./calls-under-way";
import type { Certificate } from "./access/certificate";
import { answerBadBytes, answerConnect, headerLimits, refuseBadRequests } from "./bad-requests";
import { limitConnections } from "./connection-limit";
import { drains, type Ending } from "./listen-drain";
import { type Patience, sweepSlowClients } from "./slow-clients";
import type { OnRefused } from "./write-unread";

/** A port that cannot be had, said so that a person knows what to do. */
export class PortError extends Error {
  override readonly name = "PortError";
}

export interface Listening extends Ending {
  readonly url: string;
  /** Resolves when all that has begun by now is answered, or after so long. */
  readonly answered: (withinMs: number) => Promise<void>;
}

export interface ListenOptions {
  readonly certificate?: Certificate | undefined;
  /** How many of the connections that there are files for are left to other ports. */
  readonly spareConnections?: number;
  readonly onRefused?: OnRefused;
  /** Told of each connection that the system does not give. */
  readonly onAcceptError?: (error: Error) => void;
}

const { maxHeadersCount, requireHostHeader } = headerLimits;

/** @throws PortError, FileLimitError */
export async function listen(
  handler: RequestListener,
  port: number,
  host: string,
  options: Partial<Patience> & ListenOptions = {},
): Promise<Listening> {
  const { certificate, spareConnections, onRefused = () => undefined, onAcceptError = () => undefined, ...patience } = options; // prettier-ignore
  const calls = new CallsUnderWay();
  const server = serverFor(calls.watch(refuseBadRequests(handler, onRefused)), certificate);
  server.maxHeadersCount = maxHeadersCount;
  limitConnections(server, () => calls.longestIdle(), spareConnections);
  // an expectation that we do not know may be passed over; Node's own 417 would be a call that nothing here has seen
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  const answerBad = answerBadBytes(calls.unanswered);
  server.on("clientError", answerBad).on("connect", answerConnect(answerBad));
  const ending = drains(server, calls);
  const sweeping = sweepSlowClients(calls, patience);
  server.on("close", () => {
    clearInterval(sweeping);
  });
  await opened(server, port, host);
  server.on("error", onAcceptError);
  return {
    url: `${certificate ? "https" : "http"}://${host}:${(server.address() as AddressInfo).port}`,
    answered: (withinMs) => calls.answered(withinMs),
    ...ending,
  };
}

const PATIENCE = {
  ...{ connectionsCheckingInterval: 500, headersTimeout: 10_000, requestTimeout: 0, keepAliveTimeout: 65_000 },
  requireHostHeader,
};

function serverFor(handler: RequestListener, certificate: Certificate | undefined): Server {
  if (certificate === undefined) return createServer(PATIENCE, handler);
  const server = createTlsServer({ ...PATIENCE, ...certificate.current(), handshakeTimeout: 10_000 }, handler);
  const forget = certificate.onRenewed((renewed) => {
    server.setSecureContext(renewed);
  });
  return server.on("close", forget);
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const cannot = (error: NodeJS.ErrnoException): void => {
      reject(new PortError(portMessage(error, port, host)));
    };
    server.once("error", cannot).listen(port, host, () => {
      server.off("error", cannot);
      resolve();
    });
  });
}

function portMessage(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === "EADDRINUSE")
    return `The port ${port} is in use. Stop what uses it, or choose another with PORT, or --port of picklepod serve`;
  if (error.code === "EACCES")
    return `The port ${port} needs more rights than this process has. Choose one above 1023 with PORT, or --port of picklepod serve`;
  return `${host}:${port} cannot be listened on: ${error.message}. Mend HOST or PORT.`;
}
