import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";
import type { Columns } from "../rows/columns";
import { startDeadline } from "../../test/started-deadline";
import { holdDeadline } from "./deadline";
import type { Predictions } from "./predictions";
import { createPredictor } from "./predictor";
import type { SidecarClient } from "./sidecar-client";
import { ArtifactFailed } from "./sidecar-failure";
import { SidecarPool } from "./sidecar-pool";

const description = { name: "mine", limits: { block: 4 } } as unknown as Pinned;
const columnsOf = (...numbers: number[]): Columns => ({
  rows: numbers.length,
  numbers: Float64Array.from(numbers),
  codes: new Int32Array(),
  texts: [],
});

/** Answers each number with its double, and notes how many rows it was called with; fails for a negative one. */
function fakeClient() {
  const sizes: number[] = [];
  const infer: SidecarClient["infer"] = async ({ rows, numbers }): Promise<Predictions> => {
    sizes.push(rows);
    await new Promise((resolve) => setImmediate(resolve));
    if (numbers.some((number) => number < 0)) throw new ArtifactFailed("step p: ValueError: negative");
    return { rows, outputs: [{ name: "p", columns: null, values: numbers.map((number) => 2 * number) }] };
  };
  return { infer, sizes, places: 1, areLeftAlone: () => false };
}

async function predict(predictor: ReturnType<typeof createPredictor>, ...numbers: number[]): Promise<unknown> {
  const deadline = startDeadline(1_000);
  try {
    const { rows, outputs } = await predictor.predict(columnsOf(...numbers), deadline);
    return [rows, [...(outputs[0]?.values ?? [])]];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.status, error.message];
  } finally {
    deadline.clear();
  }
}

it("cuts a call larger than a block into blocks, and puts the answer together again", async () => {
  const client = fakeClient();
  const predictor = createPredictor(client, description, 100);
  expect(await predict(predictor, 1, 2, 3, 4, 5, 6, 7, 8, 9)).toEqual([9, [2, 4, 6, 8, 10, 12, 14, 16, 18]]);
  expect(client.sizes).toEqual([4, 4, 1]);
});

it("joins calls made close together, and gives each its own rows", async () => {
  const client = fakeClient();
  const predictor = createPredictor(client, description, 100);
  const answers = await Promise.all([predict(predictor, 1), predict(predictor, 2, 3), predict(predictor, 4)]);
  expect(answers).toEqual([
    [1, [2]],
    [2, [4, 6]],
    [1, [8]],
  ]);
  expect(client.sizes).toEqual([1, 3]);
});

it("a call whose rows the model's code refuses fails alone", async () => {
  const predictor = createPredictor(fakeClient(), description, 100);
  const answers = await Promise.all([1, 2, -3, 4].map((number) => predict(predictor, number)));
  expect(answers).toEqual([
    [1, [2]],
    [1, [4]],
    [500, "step p: ValueError: negative"],
    [1, [8]],
  ]);
});

it("refuses what goes beyond the queue, and says when to come again", async () => {
  const predictor = createPredictor(fakeClient(), description, 2);
  const answers = await Promise.all([predict(predictor, 1), predict(predictor, 2, 3), predict(predictor, 4)]);
  expect(answers[2]).toEqual([
    503,
    expect.stringMatching(/^2 rows are waiting already\. Try again in [1-9] s, or send fewer rows at once\.$/),
  ]);
  expect(predictor.rowsWaiting()).toBe(0);
});

it.each([
  ["is as slow as its sidecar says, and not as our own event loop makes it", 0.1, [64]],
  ["is as slow as it seems where that is not told", undefined, [16, 16, 16, 16]],
  ["is no slower than it seems, whatever is told", 1e9, [16, 16, 16, 16]],
])("a model %s", async (_, busyMs, sizes) => {
  const client = fakeClient();
  const infer: SidecarClient["infer"] = async (columns, timeoutMs) => {
    const ends = performance.now() + 12;
    while (performance.now() < ends); // other calls are read meanwhile
    return { ...(await client.infer(columns, timeoutMs)), ...(busyMs !== undefined && { busyMs }) };
  };
  const predictor = createPredictor(
    { ...client, infer },
    { ...description, limits: { ...description.limits, block: 64 } },
    100,
  );
  for (let i = 0; i < 40; i += 1) await predict(predictor, i);
  client.sizes.length = 0;
  await predict(predictor, ...Array.from({ length: 64 }, (_, i) => i));
  expect(client.sizes).toEqual(sizes);
});

it("never sends what has expired while it waited, though the event loop was too busy to say so", async () => {
  const client = fakeClient();
  const predictor = createPredictor(client, description, 100);
  const never = new AbortController().signal;
  let remaining = 1_000;
  const first = predict(predictor, 1);
  const expired = predictor.predict(columnsOf(2), { signal: never, remainingMs: () => remaining, abandon: () => undefined, clear: () => undefined }); // prettier-ignore
  const last = predict(predictor, 3);
  remaining = 0;
  await expect(expired).rejects.toMatchObject({ problemName: "deadline-exceeded", status: 504 });
  expect([await first, await last, client.sizes]).toEqual([
    [1, [2]],
    [1, [6]],
    [1, 1],
  ]);
});

it("a call that hangs behind a connection that has died holds up nobody, once its sidecar is seen well again", async () => {
  const { infer } = fakeClient();
  let calls = 0;
  const hanging = new Promise<never>(() => undefined);
  const client = { infer: (...call: Parameters<typeof infer>) => ((calls += 1) === 1 ? hanging : infer(...call)) };
  const sidecar = { ...client, isLeftAlone: () => false, recovered: () => undefined, close: () => undefined };
  const pool = new SidecarPool();
  pool.add(sidecar);
  const predictor = createPredictor(pool, description, 100);
  const lost = predict(predictor, 1);
  pool.remove(sidecar);
  pool.add(sidecar);
  expect(await predict(predictor, 2)).toEqual([1, [4]]);
  expect(await lost).toEqual([504, expect.stringContaining("not ready within 1000 ms")]);
});

describe("a deadline", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("aborts with the problem to answer when it has passed", () => {
    const deadline = startDeadline(250);
    jest.advanceTimersByTime(249);
    expect([deadline.signal.aborted, Math.round(deadline.remainingMs())]).toEqual([false, 1]);
    jest.advanceTimersByTime(1);
    expect(deadline.signal.reason).toMatchObject({ problemName: "deadline-exceeded", status: 504 });
    expect((deadline.signal.reason as Problem).message).toMatch(/^The answer was not ready within 250 ms\. /);
  });

  it("that is held runs from its start on", () => {
    const deadline = holdDeadline(() => 400);
    jest.advanceTimersByTime(1_000);
    expect([deadline.signal.aborted, deadline.remainingMs()]).toEqual([false, 400]);
    deadline.start(250);
    jest.advanceTimersByTime(250);
    expect(deadline.signal.reason).toMatchObject({ problemName: "deadline-exceeded" });
  });

  it("that was cleared never does, and leaves no timer behind", () => {
    const deadline = startDeadline(250);
    deadline.clear();
    jest.advanceTimersByTime(1_000);
    expect([deadline.signal.aborted, jest.getTimerCount()]).toEqual([false, 0]);
  });

  it("that was abandoned does at once, and leaves no timer behind", () => {
    const deadline = startDeadline(250);
    deadline.abandon();
    expect([(deadline.signal.reason as Problem).message, jest.getTimerCount()]).toEqual([
      "The client closed its connection before the answer.",
      0,
    ]);
  });
});
