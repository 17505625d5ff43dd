import type { IncomingMessage, ServerResponse } from "node:http";

import type { Pinned } from "../bundle/description";
import { bodyLimitOf } from "../predict/body-limit";
import { type PredictLimits, timeoutOf } from "../predict/deadline";
import { listedUnknown } from "../predict/list-unknown";
import type { Model, PredictRoute } from "../predict/model";
import { available } from "../predict/predict-route";
import { readRowChunks } from "../rows/read-row-chunks";
import type { ImputedTally } from "../rows/imputed";
import type { RowChunk, RowsMedia } from "../rows/row-chunk";
import { invalidRows, noRow } from "../rows/validate-rows";
import { answeredAs, onErrorOf, sentAs } from "./asked";
import { readBytes, recognise } from "./body";
import type { Client } from "./client";
import { inOrder } from "./in-order";
import { CSV, JSON_LIST } from "./media";
import { openOutput, type Output } from "./output";
import { type AnsweredChunk, predictChunk } from "./predict-chunk";
import type { RowWriter, Summary } from "./row-writer";
import { rowsPerChunk } from "./rows-per-chunk";
import { createRowWriter } from "./writers";

/** So many of a stream's chunks are asked for at once: while one is computed, the next is on its way. */
const CHUNKS_AT_ONCE = 2;

export interface Call {
  readonly model: Model;
  readonly route: PredictRoute;
  readonly limits: PredictLimits;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly client: Client;
  readonly progress: Progress;
  /** Where somebody wants to know what cells held nothing. */
  readonly imputed?: ImputedTally | undefined;
}

/** What a stream has come to, for its summary, for the log, and for what can still be done where it fails. */
export interface Progress extends Summary {
  readonly unknownCategories: Map<string, number>;
  /** There once the answer has begun. */
  answer?: Answer;
}

interface Answer {
  readonly output: Output;
  readonly writer: RowWriter;
}

/** From the first byte of the rows to the last of the answer; in between, in constant memory.
 * @throws Problem */
export async function answerStream(call: Call): Promise<void> {
  const over = new AbortController();
  try {
    await answerChunks(call, AbortSignal.any([call.client.signal, over.signal]));
  } finally {
    over.abort(); // where a chunk fails, nobody waits for the one behind it, which waits for the model
  }
}

/** `signal`: aborts when no chunk is wanted any more. */
async function answerChunks(call: Call, signal: AbortSignal): Promise<void> {
  const { model, limits, request, client, progress } = call;
  const onError = onErrorOf(request);
  const timeoutMs = (rows: number): number => timeoutOf(request, limits, rows);
  timeoutMs(0); // what it refuses is refused before a row is read
  const { description, predictor } = available(model);
  const { media, bytes } = await readSent(request, client);
  const answerMedia = answeredAs(request, media);
  const chunks = readRowChunks(model.bundle, media, bytes, {
    rowsPerChunk: rowsPerChunk(model.bundle.inputs.size),
    maxRowBytes: bodyLimitOf(model.bundle, limits.bodyBytes).bytes,
    signal: client.signal,
  });
  const asking = { nullable: model.nullable, predictor, onError, timeoutMs, signal };
  const begin = async (): Promise<Answer> => {
    const writer = createRowWriter(answerMedia, call.route.response, description, onError);
    progress.answer = { output: openAnswer(call, answerMedia, description), writer };
    await progress.answer.output.write(writer.head());
    return progress.answer;
  };
  const predict = async (rows: RowChunk): Promise<AnsweredChunk> => {
    call.imputed?.add(rows.columns);
    await limits.takeRows?.(request, rows.rows);
    return predictChunk(rows, asking);
  };
  for await (const chunk of inOrder(chunks, CHUNKS_AT_ONCE, predict)) {
    const { output, writer } = progress.answer ?? (await begin());
    count(chunk, progress);
    await output.write(writer.rows(chunk));
  }
  // a table may be empty; a list that is was refused without on_error as well
  if (progress.rows === 0 && media === JSON_LIST) throw invalidRows({ listed: [noRow], total: 1 }, 0);
  await end(progress.answer ?? (await begin()), progress);
}

/** What came without a name is told by its first bytes. */
async function readSent(request: IncomingMessage, client: Client): ReturnType<typeof recognise> {
  const named = sentAs(request);
  const bytes = readBytes(request, client);
  return named === undefined ? recognise(bytes) : { media: named, bytes };
}

function openAnswer({ route, request, response, client }: Call, media: RowsMedia, description: Pinned): Output {
  const { name, version, digest } = description;
  response.setHeader("content-type", media === CSV ? `${media}; charset=utf-8; header=present` : media);
  response.setHeader("picklepod-bundle", `${name}@${version}; digest=${digest}`);
  // what speaks HTTP/1.0 knows neither trailers nor pieces
  if (request.httpVersion !== "1.0") response.setHeader("trailer", "picklepod-summary, picklepod-unknown-categories");
  const output = openOutput(request, response, client);
  response.writeHead(route.status);
  return output;
}

function count({ rows, refused, unknownCategories }: AnsweredChunk, progress: Progress): void {
  progress.rows += rows;
  progress.refused += refused.length;
  progress.predicted += rows - refused.length;
  for (const [name, unknown] of unknownCategories)
    progress.unknownCategories.set(name, (progress.unknownCategories.get(name) ?? 0) + unknown);
}

async function end({ output, writer }: Answer, progress: Progress): Promise<void> {
  const { rows, predicted, refused, unknownCategories } = progress;
  await output.write(writer.tail({ rows, predicted, refused }));
  await output.end({
    "picklepod-summary": `rows=${rows}, predicted=${predicted}, refused=${refused}`,
    ...(unknownCategories.size > 0 && { "picklepod-unknown-categories": listedUnknown(unknownCategories) }),
  });
}
