import type { Pinned } from "../bundle/description";
import { Problem } from "../problems";
import type { Columns } from "../rows/columns";
import { startDeadline } from "../../test/started-deadline";
import type { Predictions } from "./predictions";
import { createPredictor, type Predictor } from "./predictor";

// Time is the test's own here: a sidecar of a known pace is offered more than it can do, and what becomes of the calls does not
// depend on what else this machine does.

const description = { name: "mine", limits: { block: 1_024 } } as unknown as Pinned;
const columnsOf = (rows: number): Columns => ({
  rows,
  numbers: new Float64Array(rows),
  codes: new Int32Array(),
  texts: [],
});

interface Pace {
  readonly fixedMs: number;
  readonly msPerRow: number;
}

/** Computes one call at a time, as a sidecar does. */
function pacedSidecar({ fixedMs, msPerRow }: Pace) {
  let isBusy = false;
  const infer = async ({ rows }: Columns): Promise<Predictions> => {
    if (isBusy) throw new Error("a second call was sent while one was computed");
    isBusy = true;
    await new Promise((resolve) => setTimeout(resolve, fixedMs + rows * msPerRow));
    isBusy = false;
    return { rows, outputs: [{ name: "p", columns: null, values: new Float64Array(rows) }] };
  };
  return { infer, places: 1, areLeftAlone: () => false };
}

interface Outcome {
  readonly at: number;
  readonly ms: number;
  readonly status: number;
}

async function ask(predictor: Predictor, rows: number, outcomes: Outcome[]): Promise<void> {
  const at = performance.now();
  const deadline = startDeadline(1_000 + rows);
  let status = 200;
  try {
    predictor.admit(1_001);
    predictor.admitRows(rows, deadline.remainingMs());
    await predictor.predict(columnsOf(rows), deadline);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    status = error.status;
  } finally {
    deadline.clear();
  }
  outcomes.push({ at, ms: performance.now() - at, status });
}

/** Single rows at a constant rate, for so many seconds. */
async function offer(predictor: Predictor, perSecond: number, seconds: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let due = 0;
  for (let ms = 0; ms < seconds * 1_000; ms += 1) {
    for (due += perSecond / 1_000; due >= 1; due -= 1) void ask(predictor, 1, outcomes);
    await jest.advanceTimersByTimeAsync(1);
  }
  await jest.advanceTimersByTimeAsync(2_000);
  return outcomes;
}

const right = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter(({ status, ms }) => status === 200 && ms <= 1_001);
const p99 = (outcomes: readonly Outcome[]): number =>
  outcomes.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(outcomes.length * 0.99)] ?? NaN;

jest.setTimeout(60_000); // a second of the test's own time takes as long as the machine likes
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const slow: Pace = { fixedMs: 1, msPerRow: 3 }; // 16 rows in 49 ms
const fast: Pace = { fixedMs: 1, msPerRow: 0.5 }; // 18 rows in 10 ms

describe.each([
  ["slow", slow, 16 / 0.049],
  ["fast", fast, 18 / 0.01],
])("a %s model", (_, pace, peak) => {
  it.each([1, 2, 5, 10])(
    "that is offered %d times its peak answers as much as at its peak, and soon",
    async (times) => {
      const predictor = createPredictor(pacedSidecar(pace), description, 50_000);
      const outcomes = await offer(predictor, peak * times, 4);
      const good = right(outcomes);
      expect(good.length / 4 / peak).toBeGreaterThan(0.93); // the last of it is answered after the end
      expect(p99(good)).toBeLessThan(300);
      expect(outcomes.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
      const refused = outcomes.filter(({ status }) => status === 503);
      expect(refused.length === 0 || p99(refused) < 300).toBe(true);
    },
  );

  it("that was offered ten times its peak answers all of half of it at once afterwards", async () => {
    const predictor = createPredictor(pacedSidecar(pace), description, 50_000);
    await offer(predictor, peak * 10, 2);
    const after = await offer(predictor, peak / 2, 3);
    expect(right(after)).toHaveLength(after.length);
  });

  it("answers all of 64 callers who wait for each other", async () => {
    const predictor = createPredictor(pacedSidecar(pace), description, 50_000);
    const outcomes: Outcome[] = [];
    const end = performance.now() + 3_000;
    const callers = Array.from({ length: 64 }, async () => {
      while (performance.now() < end) await ask(predictor, 1, outcomes);
    });
    await jest.advanceTimersByTimeAsync(5_000);
    await Promise.all(callers);
    expect(right(outcomes)).toHaveLength(outcomes.length);
    expect(outcomes.length / 3 / peak).toBeGreaterThan(0.9);
  });
});

it("single rows beside calls of 1,000 wait for one part of these at a time, and the calls go on", async () => {
  const predictor = createPredictor(pacedSidecar({ fixedMs: 1, msPerRow: 0.1 }), description, 50_000);
  const bulk: Outcome[] = [];
  await offer(predictor, 100, 1);
  for (const rows of [50, 100, 200]) void ask(predictor, rows, []); // from now on it is known what calls cost
  await jest.advanceTimersByTimeAsync(500);
  for (let i = 0; i < 5; i += 1) void ask(predictor, 1_000, bulk);
  const singles = await offer(predictor, 200, 1);
  expect(right(singles)).toHaveLength(singles.length);
  expect(p99(singles)).toBeLessThan(25);
  expect(bulk.map(({ status }) => status)).toEqual(Array(5).fill(200));
  expect(Math.max(...bulk.map(({ ms }) => ms))).toBeLessThan(900);
});

it("bulk moves on beside more single rows than can be answered", async () => {
  const predictor = createPredictor(pacedSidecar(fast), description, 50_000);
  const bulk: Outcome[] = [];
  const singles = offer(predictor, 20_000, 2);
  await jest.advanceTimersByTimeAsync(0);
  void ask(predictor, 600, bulk);
  await singles;
  expect(bulk).toMatchObject([{ status: 200 }]);
});

it("a burst that can be answered in time is answered, all of it", async () => {
  const predictor = createPredictor(pacedSidecar(slow), description, 50_000);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < 240; i += 1) void ask(predictor, 1, outcomes); // 0.75 s of work
  await jest.advanceTimersByTimeAsync(2_000);
  expect(right(outcomes)).toHaveLength(240);
});

it("what hung for half a second is answered when it goes on: a burst is not refused", async () => {
  const sidecar = pacedSidecar(fast);
  let hangs = 500;
  const predictor = createPredictor(
    {
      ...sidecar,
      infer: async (columns) => {
        if (hangs > 0) await new Promise((resolve) => setTimeout(resolve, hangs));
        hangs = 0;
        return sidecar.infer(columns);
      },
    },
    description,
    50_000,
  );
  const outcomes = await offer(predictor, 100, 2);
  expect(right(outcomes)).toHaveLength(outcomes.length);
});

it("a time in which everything was slow is over when it is over: nothing is refused any more a moment after", async () => {
  const slowUntil = performance.now() + 8_000;
  const sidecar = {
    places: 1,
    areLeftAlone: () => false,
    infer: async ({ rows }: Columns): Promise<Predictions> => {
      const ms = performance.now() < slowUntil ? 300 + rows * 10 : 1 + rows * 0.05;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return { rows, outputs: [{ name: "p", columns: null, values: new Float64Array(rows) }] };
    },
  };
  const outcomes = await offer(createPredictor(sidecar, description, 50_000), 120, 12);
  const refused = outcomes.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(100);
  expect(refused.filter(({ at }) => at > slowUntil + 500)).toEqual([]);
});
