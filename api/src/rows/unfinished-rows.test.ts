import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { inputSchema } from "../bundle/input-types";
import { project } from "../project";
import { unfinishedToEnd } from "./unfinished-rows";
import type { FromWorker, ToWorker, WorkerBounds } from "./worker-messages";

const reader = (unfinished: number, addedAt: number) => ({ unfinished, addedAt });

it("where there is room nobody is to end", () => {
  expect(unfinishedToEnd([[1, reader(50, 1)], [2, reader(50, 2)]], 100)).toEqual([]); // prettier-ignore
});

it("else those end of which nothing came for longest, and no more of them than must", () => {
  const readers = [reader(0, 1), reader(60, 3), reader(40, 2), reader(60, 4)].map((each, i) => [i, each] as const);
  expect(unfinishedToEnd(readers.map(([i, each]) => [i, each]), 120)).toEqual([2]); // prettier-ignore
  expect(unfinishedToEnd(readers.map(([i, each]) => [i, each]), 100)).toEqual([2, 1]); // prettier-ignore
});

it("one by itself is read, however long its rows are", () => {
  expect(unfinishedToEnd([[1, reader(0, 1)], [2, reader(500, 2)]], 100)).toEqual([]); // prettier-ignore
});

it.each([
  ["application/json", Buffer.from('[{"x":"')],
  ["application/x-ndjson", Buffer.from('{"x":"')],
  ["text/csv", Buffer.from('x\n"')],
  ["application/vnd.apache.arrow.stream", Buffer.from("ffffffff00000800", "hex")], // 512 KB of metadata follow
] as const)(
  "the thread ends %s of which a row has begun, for another that comes",
  async (media, beginning) => {
    const mostUnfinishedBytes = 100_000;
    const worker = new Worker(join(__dirname, "row-worker.ts"), {
      execArgv: ["-r", join(project.root, "api", "test", "run-typescript.cjs")],
      workerData: { mostUnfinishedBytes } satisfies WorkerBounds,
    });
    const told: FromWorker[] = [];
    worker.on("message", (message: FromWorker) => told.push(message));
    const tell = (message: ToWorker): void => {
      worker.postMessage(message);
    };
    const takenOf = async (body: number): Promise<void> => {
      while (!told.some((each) => each.kind === "taken" && each.body === body)) await once(worker, "message");
    };
    const inputs = new Map([["x", inputSchema.parse({ type: "number" })]]);
    tell({ kind: "rules", reader: 1, rules: { inputs, extra: "error" } });
    for (const body of [1, 2, 3]) {
      const open = { reader: 1, media, rowsPerChunk: 64, maxRowBytes: 90_000, ignored: new Set<string>() };
      tell({ kind: "open", body, open });
      tell({ kind: "bytes", body, bytes: new Uint8Array(Buffer.concat([beginning, Buffer.alloc(40_000, "a")])) });
      await takenOf(body);
    }
    while (!told.some(({ kind }) => kind === "problem")) await once(worker, "message");
    const problems = told.filter(({ kind }) => kind === "problem");
    expect(problems).toEqual([{ kind: "problem", body: 1, problem: { problemName: "overloaded", members: expect.anything() as unknown } }]); // prettier-ignore
    await worker.terminate();
  },
  60_000,
);
