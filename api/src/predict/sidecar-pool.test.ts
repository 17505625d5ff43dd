import type { Columns } from "../rows/columns";
import type { Predictions } from "./predictions";
import type { SidecarClient } from "./sidecar-client";
import { SidecarPool } from "./sidecar-pool";

const columns: Columns = { rows: 1, numbers: new Float64Array(1), codes: new Int32Array(), texts: [] };
const predictions: Predictions = { rows: 1, outputs: [] };

/** Answers when it is told to, and notes how often it was asked. */
class FakeClient implements SidecarClient {
  asked = 0;
  alone = false;
  private readonly waiting: (() => void)[] = [];

  infer(): Promise<Predictions> {
    this.asked += 1;
    return new Promise((resolve) => {
      this.waiting.push(() => {
        resolve(predictions);
      });
    });
  }

  answer(): void {
    this.waiting.shift()?.();
  }

  isLeftAlone(): boolean {
    return this.alone;
  }

  recovered(): void {
    this.alone = false;
  }

  close(): void {
    this.alone = true;
  }
}

function poolOfTwo() {
  const [one, two] = [new FakeClient(), new FakeClient()];
  const pool = new SidecarPool();
  pool.add(one);
  pool.add(two);
  return { pool, one, two, asked: () => [one.asked, two.asked] };
}

it("asks whichever has the least to do", async () => {
  const { pool, one, two, asked } = poolOfTwo();
  const calls = [pool.infer(columns, 1_000), pool.infer(columns, 1_000)];
  expect(asked()).toEqual([1, 1]);
  two.answer();
  await calls[1];
  calls.push(pool.infer(columns, 1_000));
  expect(asked()).toEqual([1, 2]);
  one.answer();
  two.answer();
  expect(await Promise.all(calls)).toEqual([predictions, predictions, predictions]);
});

it("one that fails at once does not draw all the calls to itself", () => {
  const { pool, one, two, asked } = poolOfTwo();
  one.alone = true;
  for (let i = 0; i < 3; i += 1) void pool.infer(columns, 1_000);
  expect(asked()).toEqual([0, 3]);
  two.alone = true; // all are: their breakers decide what goes through
  void pool.infer(columns, 1_000);
  expect(asked()).toEqual([1, 3]);
});

it("the call of one that is gone keeps no place of one that is there, until it ends", async () => {
  const { pool, one, two } = poolOfTwo();
  const hanging = pool.infer(columns, 1_000);
  pool.remove(one);
  expect(pool.places).toBe(2);
  pool.add(one); // it is seen well again
  expect(pool.places).toBe(3);
  one.answer();
  await hanging;
  expect(pool.places).toBe(2);
  pool.remove(one);
  pool.remove(two);
  expect(pool.places).toBe(0);
});

it("one that is gone is asked no more, and of none at all callers are told", async () => {
  const { pool, one, two, asked } = poolOfTwo();
  pool.remove(one);
  expect(pool.places).toBe(1);
  void pool.infer(columns, 1_000);
  expect(asked()).toEqual([0, 1]);
  pool.remove(two);
  await expect(pool.infer(columns, 1_000)).rejects.toMatchObject({ status: 503 });
});
