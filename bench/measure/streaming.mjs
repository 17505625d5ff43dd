// A million rows through one streaming call, in each media type, beside 10,000-row calls of the same route.
import { median } from "../load/percentiles.mjs";
import { runClient } from "../load/run-client.mjs";
import { differences } from "../servers/check-answers.mjs";
import { usedBy } from "../servers/process-family.mjs";
import { orFailure } from "./rounds.mjs";
import { writeStreamBodies } from "./stream-bodies.mjs";

const PATIENCE_MS = 4 * 60_000;
const CHECKED_CHUNKS = 3;
const LARGE_CALL = { kind: "largeCalls", wire: "native", rows: 10_000, calls: 3 };

/**
 * {[media]: {rowsPerSecond, jsonRowsPerSecond, grownMb, peakMb, seen, …} | {failure}}
 *
 * Each medium has a server of its own, just started: what a server before has taken of memory is no measure of what it takes.
 */
export async function measureStreaming(startServer, plan, { rows, reference, bundle }, tell) {
  const seen = {};
  for (const { name, mediaType, files, answersIn } of writeStreamBodies(rows, bundle)) {
    tell(`${plan.rows} rows as ${name} in one call`);
    const { server, stop } = await startServer();
    const url = `${server.origin}/models/${bundle.name}/predictions`;
    const job = { kind: "streamCall", url, mediaType, ...files };
    seen[name] = await orFailure(async () => {
      const before = server.family.use().ownRssMb;
      await checkStream(job, answersIn, rows.length, reference);
      const found = await once(server.family, job, plan.rows, rows.length);
      const { times } = await runClient({ ...LARGE_CALL, url }, PATIENCE_MS);
      return { ...found, grownMb: found.peakMb - before, jsonRowsPerSecond: LARGE_CALL.rows / median(times) };
    });
    await stop();
  }
  return seen;
}

/** [{rows, seconds} | {rows, failure}]: time against rows, as NDJSON */
export async function measureStreamRowCounts(server, plan, { rows, bundle }, tell) {
  const url = `${server.origin}/models/${bundle.name}/predictions`;
  const piece = rows.slice(0, plan.rowCounts[0]);
  const { mediaType, files } = writeStreamBodies(piece, bundle).find(({ name }) => name === "ndjson");
  const found = [];
  for (const count of plan.rowCounts) {
    tell(`${count} rows as NDJSON in one call`);
    const job = { kind: "streamCall", url, mediaType, ...files };
    found.push({ rows: count, ...(await orFailure(() => once(server.family, job, count, piece.length))) });
  }
  return found.map(({ rows: count, seconds, failure }) => ({ rows: count, seconds, failure }));
}

/** No row lost, in order, and right, before it is timed. */
async function checkStream(job, answersIn, chunkRows, reference) {
  const { status, body } = await runClient({ ...job, chunks: CHECKED_CHUNKS, keep: true }, PATIENCE_MS);
  const bytes = Buffer.from(body, "base64");
  if (status !== 200) throw new Error(`${status}: ${bytes.toString("latin1", 0, 200)}`);
  const answers = answersIn(bytes);
  if (answers.length !== CHECKED_CHUNKS * chunkRows) throw new Error(`${answers.length} rows were answered`);
  for (let chunk = 0; chunk < CHECKED_CHUNKS; chunk += 1) {
    const first = chunk * chunkRows;
    const [wrong] = differences(answers.slice(first, first + reference.length), reference);
    if (wrong !== undefined) throw new Error(`row ${first + wrong} is answered ${answers[first + wrong]}`);
    if (chunk === 0) continue;
    const other = answers.findIndex(
      (answer, i) => i >= first && i < first + chunkRows && answer !== answers[i - first],
    );
    if (other !== -1) throw new Error(`row ${other} is answered otherwise than the same row before`);
  }
}

async function once(family, job, rows, chunkRows) {
  const used = await usedBy(family, () => runClient({ ...job, chunks: rows / chunkRows }, PATIENCE_MS));
  const { status, seconds, bytes, summary, end, clientCpuSeconds } = used.result;
  const predicted = Number(/predicted=(\d+)/.exec(summary ?? "")?.[1]);
  if (status !== 200 || predicted !== rows)
    throw new Error(`${status}, ${summary ?? "no summary"}: ${end.slice(-120)}`);
  return {
    ...{ rows, seconds, rowsPerSecond: rows / seconds, answerMb: bytes / 1e6 },
    peakMb: used.peak.ownRssMb,
    serverCpuSeconds: used.cpuSeconds,
    clientCpuSeconds,
    seen: used.seen,
  };
}
