import { parentPort, workerData } from "node:worker_threads";

import { Problem } from "../problems";
import { BodyReader, type Turn } from "./body-reader";
import { decoders } from "./decoders/decoders";
import { createRowReader, type RowReader } from "./row-reader";
import { crowdedOut, unfinishedToEnd } from "./unfinished-rows";
import type { FromWorker, ToWorker, WorkerBounds } from "./worker-messages";

/** The worker's side: bodies are read in turns of a chunk, so that none holds up another. */
if (parentPort === null) throw new Error("row-worker is started as a worker thread, by row-workers");
const port = parentPort;
const { mostUnfinishedBytes } = workerData as WorkerBounds;

const readers = new Map<number, RowReader>();
/** Bodies in the order of their turns. */
const bodies = new Map<number, BodyReader>();
let isTurning = false;

port.on("message", (message: ToWorker) => {
  void receive(message);
});

/** A body whose decoder is not there yet: what is sent of it meanwhile. */
const opening = new Map<number, ToWorker[]>();

async function receive(message: ToWorker): Promise<void> {
  if (message.kind === "rules") readers.set(message.reader, createRowReader(message.rules));
  else if (message.kind === "forget") readers.delete(message.reader);
  else if (message.kind === "ask") tell({ kind: "here" });
  else if (message.kind === "open") await open(message);
  else if (opening.has(message.body)) opening.get(message.body)?.push(message);
  else apply(message);
}

async function open({ body, open: asked }: Extract<ToWorker, { kind: "open" }>): Promise<void> {
  const reader = readers.get(asked.reader);
  if (!reader) throw new Error("a body came before its rules");
  const held: ToWorker[] = [];
  opening.set(body, held);
  const decoder = await decoders[asked.media]();
  opening.delete(body);
  bodies.set(body, new BodyReader(reader, decoder, asked));
  for (const message of held) apply(message);
}

function apply(message: ToWorker): void {
  if (!("body" in message) || message.kind === "open") return;
  const reader = bodies.get(message.body);
  if (message.kind === "bytes") reader?.add(Buffer.from(message.bytes.buffer));
  else if (message.kind === "end") reader?.end();
  else if (message.kind === "credit") reader?.addCredit();
  else bodies.delete(message.body);
  startTurning();
}

function startTurning(): void {
  if (isTurning || bodies.size === 0) return;
  isTurning = true;
  setImmediate(turn);
}

/** A turn for each body; between rounds, messages are read. */
function turn(): void {
  isTurning = false;
  let isIdle = true;
  for (const [body, reader] of [...bodies]) {
    const told = turnOf(body, reader);
    if (told !== "idle") isIdle = false;
  }
  if (!isIdle) startTurning();
}

function turnOf(body: number, reader: BodyReader): Turn["kind"] {
  try {
    const told = reader.turn();
    if (told.kind === "idle") return told.kind;
    if (told.kind === "done") bodies.delete(body);
    tell({ body, ...told });
    if (told.kind === "taken") for (const out of unfinishedToEnd(bodies, mostUnfinishedBytes)) fail(out, crowdedOut());
    return told.kind;
  } catch (error) {
    fail(body, error);
    return "done";
  }
}

function fail(body: number, error: unknown): void {
  bodies.delete(body);
  if (error instanceof Problem) {
    tell({ kind: "problem", body, problem: { problemName: error.problemName, members: error.members } });
  } else tell({ kind: "defect", body, error });
}

function tell(message: FromWorker): void {
  port.postMessage(message, message.kind === "chunk" ? buffersOf(message.chunk) : []);
}

const buffersOf = ({ columns }: Extract<FromWorker, { kind: "chunk" }>["chunk"]): ArrayBuffer[] =>
  [columns.numbers.buffer, columns.codes.buffer].filter((buffer) => buffer instanceof ArrayBuffer);
