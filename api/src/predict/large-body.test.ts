import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";

import { inputSchema } from "../bundle/input-types";
import type { Bundle } from "../bundle/read-bundles";
import { Problem } from "../problems";
import type { Columns } from "../rows/columns";
import { endRowWorkers } from "../rows/row-workers";
import type { BodyLimit } from "./body-limit";
import { type Asking, beginning, hasManyCells, mayBeLarge, predictLargeBody } from "./large-body";
import type { Predictions } from "./predictions";
import { readPieces } from "./read-body";

const bundle = {
  name: "mine",
  inputs: new Map([["x", inputSchema.parse({ type: "number" })]]),
  manifest: { extra: "error", limits: { rows: 5_000 } },
} as unknown as Bundle;
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `{"x":${from + i}}`).join(",");

afterAll(() => endRowWorkers());

const doubled = ({ rows, numbers }: Columns): Predictions => ({
  rows,
  outputs: [{ name: "p", columns: null, values: numbers.map((number) => 2 * number) }],
});

/** A body that a test writes piece by piece, and what the model is asked meanwhile. */
function asked(predict: Asking["predict"] = (columns) => Promise.resolve(doubled(columns)), mostAdmitted = Infinity) {
  const body = Object.assign(new PassThrough(), { headers: {} });
  const calls: number[] = [];
  const progress = { rows: 0 };
  let reads = 0;
  let owed = 0;
  const admitted: number[] = [];
  const asking: Asking = {
    progress,
    predict: (columns) => {
      calls.push(columns.rows);
      return predict(columns);
    },
    admit: (rows) => {
      admitted.push(rows);
      if (rows > mostAdmitted) throw new Problem("overloaded", { detail: "Too much is waiting." });
    },
    owe: (rows) => (owed += rows),
    onRead: () => (reads += 1),
  };
  const request = body as unknown as IncomingMessage;
  const response = Object.assign(new EventEmitter(), { req: request }) as unknown as ServerResponse;
  const limit: BodyLimit = { bytes: 1 << 20, raise: "BODY_LIMIT_MB" };
  const answer = predictLargeBody(bundle, readPieces(request, limit), limit, response, asking);
  return { body, calls, answer, progress, reads: () => reads, owed: () => owed, admitted };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("it never came about");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it("gives every row its prediction, in order", async () => {
  const { body, answer, progress, reads } = asked();
  body.end(`[${rows(3_000)}]`);
  const { predictions } = await answer;
  expect([...(predictions.outputs[0]?.values ?? [])]).toEqual(Array.from({ length: 3_000 }, (_, i) => 2 * i));
  expect([progress.rows, reads()]).toEqual([3_000, 1]);
});

it("predicts the first rows while the last are still to come", async () => {
  const { body, answer, calls, reads } = asked();
  body.write(`[${rows(2_500)},{"x":"${" ".repeat(300_000)}`); // a piece is 256 KB
  await until(() => calls.length === 2);
  expect([calls, reads()]).toEqual([[1_024, 1_024], 0]);
  body.end('"}]');
  await expect(answer).rejects.toMatchObject({ status: 422, members: { faultCount: 1 } });
});

it("tells the rows that it refuses before whatever else went wrong", async () => {
  const { body, answer, calls } = asked(() => Promise.reject(new Error("the sidecar is gone")));
  body.end(`[${rows(2_500)},{"x":"a"},${rows(2_000)},5]`);
  await expect(answer).rejects.toMatchObject({ status: 422, members: { faultCount: 2 } });
  expect(calls).toEqual([1_024]); // what stands behind a failed call is not asked
});

it("says what went wrong where no row is refused, and does not wait for it to read on", async () => {
  const { body, answer, reads } = asked(() => new Promise((_, reject) => setTimeout(reject, 300, new Error("late"))));
  body.end(`[${rows(3_000)}]`);
  await until(() => reads() === 1);
  await expect(answer).rejects.toThrow("late");
});

it.each([
  [{ "content-length": "262144" }, false],
  [{ "content-length": "262145" }, true],
  [{ "transfer-encoding": "chunked" }, true],
  [{}, false],
])("a body with the headers %j may be large: %s", (headers, large) => {
  expect(mayBeLarge({ headers } as unknown as IncomingMessage)).toBe(large);
});

describe("a body that does not say how large it is", () => {
  const limit: BodyLimit = { bytes: 1 << 20, raise: "BODY_LIMIT_MB" };
  const begun = (...pieces: string[]) => {
    const body = Object.assign(new PassThrough(), { headers: {} });
    for (const piece of pieces) body.write(piece);
    body.end();
    return beginning(readPieces(body as unknown as IncomingMessage, limit));
  };

  it("is one that is not large, where it ends soon", async () => {
    expect(await begun('[{"x":', "1}]")).toEqual(Buffer.from('[{"x":1}]'));
  });

  it("is read from its beginning on, where it does not", async () => {
    const pieces = await begun("[", "1".repeat(200_000), "2".repeat(200_000), "]");
    if (Buffer.isBuffer(pieces)) throw new Error("400 KB are large");
    let text = "";
    for await (const piece of pieces) text += piece.toString();
    expect(text).toBe(`[${"1".repeat(200_000)}${"2".repeat(200_000)}]`);
  });
});

it("what is left to predict when all is read is admitted, or refused, and owed to nobody afterwards", async () => {
  const release: (() => void)[] = [];
  const slowly = (columns: Columns): Promise<Predictions> =>
    new Promise((resolve) => {
      release.push(() => {
        resolve(doubled(columns));
      });
    });
  const { body, answer, owed, admitted, reads } = asked(slowly, 500);
  body.end(`[${rows(2_500)}]`);
  await expect(answer).rejects.toMatchObject({ problemName: "overloaded" });
  expect([reads(), admitted]).toEqual([1, [1_476]]); // of 2,500 rows 1,024 are on their way
  for (let i = 0; i < 3; i += 1) {
    release.splice(0).forEach((each) => {
      each();
    });
    await new Promise(setImmediate);
  }
  expect(owed()).toBe(0);
});

it("is broken off where its sender may have no more rows, and told that rather than of rows behind", async () => {
  let left = 1_500;
  const { body, answer, calls, owed } = asked((columns) => {
    left -= columns.rows;
    if (left >= 0) return Promise.resolve(doubled(columns));
    return Promise.reject(new Problem("quota-exceeded", { detail: "More was asked for than may be." }));
  });
  body.write(`[${rows(2_500)},{"x":"${" ".repeat(300_000)}`);
  await until(() => calls.length === 2);
  body.write(`"},${rows(1_500)},{"x":"${" ".repeat(300_000)}`); // and never ends
  await expect(answer).rejects.toMatchObject({ status: 429 });
  expect([calls, owed()]).toEqual([[1_024, 1_024], 0]);
});

it("few bytes that ask for many cells are as much work as a large body", () => {
  const empty = (rows: number): Buffer => Buffer.from(`[${Array(rows).fill("{}").join(",")}]`);
  expect([hasManyCells(empty(16), 3_000), hasManyCells(empty(17), 3_000)]).toEqual([false, true]);
  expect(hasManyCells(empty(10_000), 0)).toBe(false);
});
