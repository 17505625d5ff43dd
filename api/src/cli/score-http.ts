import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";

import { keyHeaders } from "./key-file";
import type { RowsFile } from "./score-file";
import type { ScoreProgress } from "./score-progress";

/** The predictions could not be had; its message holds the remedy. */
export class CannotScore extends Error {
  override readonly name = "CannotScore";
}

export interface Sent {
  readonly summary: { readonly rows: number; readonly predicted: number; readonly refused: number };
  readonly unknownCategories: string | undefined;
}

interface Sending {
  readonly url: string;
  readonly keyFile: string | undefined;
  readonly to: "csv" | "ndjson" | "arrow" | undefined;
  readonly progress: ScoreProgress;
  readonly signal: AbortSignal;
}

const accepted = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  arrow: "application/vnd.apache.arrow.stream",
};

/** Sends the rows and writes the answer to stdout at the same time, neither faster than the other end takes it.
 * @throws CannotScore */
export async function sendRows(
  { stream, headers }: RowsFile,
  { url, keyFile, to, progress, signal }: Sending,
): Promise<Sent> {
  const open = url.startsWith("https:") ? httpsRequest : httpRequest;
  const request = open(url, {
    method: "PUT",
    signal,
    headers: { ...headers, ...keyHeaders(keyFile), accept: to === undefined ? "*/*" : accepted[to] },
  });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  stream.on("data", (piece: Buffer) => {
    progress.sent(piece.length);
  });
  // a server that has refused reads no further: its answer says why, and not that
  const sent = pipeline(stream, request).catch(() => undefined);
  const [response] = await answered.catch((error: unknown) => notThere(url, error, request));
  if (response.statusCode !== undefined && response.statusCode >= 300) throw await refusal(response);
  await writeAnswer(response, progress, signal);
  await sent;
  return summaryOf(response);
}

function notThere(url: string, error: unknown, request: ClientRequest): never {
  request.destroy();
  const reason = error instanceof Error ? error.message : String(error);
  throw new CannotScore(`${url} does not answer: ${reason}. Start it with picklepod serve, or use --bundle.`);
}

async function writeAnswer(response: IncomingMessage, progress: ScoreProgress, signal: AbortSignal): Promise<void> {
  const isLines = !(response.headers["content-type"] ?? "").includes("arrow");
  let last: Buffer[] = [];
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      last = [...last.slice(-1), piece]; // a line may lie across two
      progress.received(isLines ? piece : undefined);
      if (!process.stdout.write(piece)) await once(process.stdout, "drain", { signal });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw brokenOff(Buffer.concat(last));
  }
}

/** The last line of an answer that was broken off tells why. */
function brokenOff(last: Buffer): CannotScore {
  const line = last.toString("utf8").trimEnd().split("\n").at(-1) ?? "";
  const problem = /^# problem: (\{.*)$/.exec(line)?.[1] ?? /^\{"problem":(\{.*\})\}$/.exec(line)?.[1];
  const why = problem === undefined ? "the connection was closed" : problemText(problem);
  return new CannotScore(`The predictions are not complete: ${why}`);
}

async function refusal(response: IncomingMessage): Promise<CannotScore> {
  const pieces: Buffer[] = [];
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
  return new CannotScore(problemText(Buffer.concat(pieces).toString("utf8")));
}

function problemText(text: string): string {
  try {
    const { detail = text, errors = [] } = JSON.parse(text) as {
      detail?: string;
      errors?: { pointer: string; detail: string }[];
    };
    return [detail, ...errors.map((fault) => `${fault.pointer}: ${fault.detail}`)].join("\n");
  } catch {
    return text;
  }
}

function summaryOf({ trailers, headers }: IncomingMessage): Sent {
  const text = trailers["picklepod-summary"] ?? "";
  const of = (name: string): number => Number(new RegExp(`\\b${name}=(\\d+)`).exec(text)?.[1] ?? NaN);
  const summary = { rows: of("rows"), predicted: of("predicted"), refused: of("refused") };
  if (Object.values(summary).some(Number.isNaN)) {
    const seen = headers["picklepod-bundle"] === undefined ? "It is not an address of Picklepod's predictions." : "";
    throw new CannotScore(`The answer ended without its summary. ${seen}`.trimEnd());
  }
  return { summary, unknownCategories: trailers["picklepod-unknown-categories"] };
}
