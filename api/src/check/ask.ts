import { Agent, type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
}

interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

export const keepAlive = new Agent({ keepAlive: true, maxSockets: 256 });

/** The connection failed before the answer was whole. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    /** The server had answered an earlier call on the same connection. */
    readonly wasAccepted: boolean,
  ) {
    super(message);
  }
}

/** One request, and its whole answer as it came. A body is posted as JSON unless its headers say otherwise. */
export function ask(url: string, { method, body, headers, agent = keepAlive }: Asked = {}): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        agent,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
            ms: performance.now() - began,
          });
        });
      },
    );
    sent.on("error", (error) => {
      reject(new NoAnswer(error.message, sent.reusedSocket));
    });
    sent.end(body);
  });
}

export const json = ({ text }: Pick<Answer, "text">): unknown => JSON.parse(text);
