import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import axios from "axios";

const USAGE = `Usage: npm run stress -- rows.json [--url URL] [--seconds 30] [--clients 16] [--batch 256]

Sends random rows of a JSON list to one address: singles and batches of a random size, so many clients at once.
Each call is a line: rows, status, milliseconds. The last lines sum up.

  --url       where to (http://127.0.0.1:8080/predict)
  --seconds   how long; it ends by itself
  --clients   calls under way at once
  --batch     the largest batch`;

interface Call {
  readonly rows: number;
  readonly status: number | string;
  readonly ms: number;
}

const pick = (below: number): number => Math.floor(Math.random() * below);

/** Half of the calls are one row, half a batch. */
function randomBody(rows: readonly unknown[], largest: number): { body: unknown; rows: number } {
  const one = (): unknown => rows[pick(rows.length)];
  if (Math.random() < 0.5) return { body: one(), rows: 1 };
  const body = Array.from({ length: 1 + pick(largest) }, one);
  return { body, rows: body.length };
}

async function send(url: string, { body, rows }: ReturnType<typeof randomBody>): Promise<Call> {
  const started = performance.now();
  const answered = (status: number | string): Call => ({ rows, status, ms: performance.now() - started });
  try {
    const reply = await axios.post(url, body, {
      proxy: false,
      validateStatus: null,
      timeout: 60_000,
      responseType: "arraybuffer",
    });
    return answered(reply.status);
  } catch (error) {
    return answered(axios.isAxiosError(error) ? (error.code ?? error.message) : String(error));
  }
}

function summary(calls: readonly Call[], seconds: number): string {
  const rows = calls.reduce((sum, call) => sum + call.rows, 0);
  const times = calls.map((call) => call.ms).toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0).toFixed(1);
  const statuses = [...new Set(calls.map((call) => call.status))];
  const counts = statuses.map((status) => `${status}: ${calls.filter((call) => call.status === status).length}`);
  return [
    `${calls.length} calls, ${rows} rows in ${seconds.toFixed(1)} s: ${(calls.length / seconds).toFixed(0)} calls/s, ${(rows / seconds).toFixed(0)} rows/s`,
    `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
    counts.join(", "),
  ].join("\n");
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: "string", default: "http://127.0.0.1:8080/predict" },
      seconds: { type: "string", default: "30" },
      clients: { type: "string", default: "16" },
      batch: { type: "string", default: "256" },
    },
  });
  const [file] = positionals;
  const rows: unknown = file === undefined ? undefined : JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(rows) || rows.length === 0) throw new Error(USAGE);
  const calls: Call[] = [];
  const started = performance.now();
  const until = started + Number(values.seconds) * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const call = await send(values.url, randomBody(rows, Number(values.batch)));
      calls.push(call);
      process.stdout.write(`rows ${call.rows}\tstatus ${call.status}\t${call.ms.toFixed(1)} ms\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
  process.stdout.write(`${summary(calls, (performance.now() - started) / 1000)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
