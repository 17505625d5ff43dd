import { QueueDelay } from "./queue-delay";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A batch every so many ms, each of which leaves so many rows behind. */
function leaveBehind(delay: QueueDelay, rows: readonly number[], everyMs = 10): void {
  for (const rowsBehind of rows) {
    delay.left(rowsBehind);
    jest.advanceTimersByTime(everyMs);
  }
}
const times = (count: number, rows: number): number[] => Array<number>(count).fill(rows);

it("a queue that gets no shorter for 150 ms stands, until it has been empty", () => {
  const delay = new QueueDelay();
  leaveBehind(delay, times(15, 30));
  expect(delay.stands).toBe(false);
  leaveBehind(delay, [30, 3]);
  expect(delay.stands).toBe(true);
  leaveBehind(delay, [0]);
  expect(delay.stands).toBe(false);
  leaveBehind(delay, times(15, 30));
  expect(delay.stands).toBe(false);
});

it("one that grows does, too", () => {
  const delay = new QueueDelay();
  leaveBehind(
    delay,
    Array.from({ length: 21 }, (_, i) => 10 * i + 10),
  );
  expect(delay.stands).toBe(true);
});

it("a burst does not make it stand, though it takes most of a second to empty", () => {
  const delay = new QueueDelay();
  leaveBehind(
    delay,
    Array.from({ length: 70 }, (_, i) => 700 - 10 * i),
  );
  expect(delay.stands).toBe(false);
});

it("neither does what gathered while the sidecar hung for a second", () => {
  const delay = new QueueDelay();
  leaveBehind(delay, [3], 1_000);
  leaveBehind(delay, [3], 1);
  expect(delay.stands).toBe(false);
});
