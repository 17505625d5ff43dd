import { RetryAfter } from "./retry-after";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** As a constant one tells it: what is left of the jitter is its least. */
const least = (): RetryAfter => new RetryAfter(() => 0);

function offer(retryAfter: RetryAfter, taken: number, refused: number): number {
  for (let i = 0; i < taken; i += 1) retryAfter.noteTaken();
  let last = 0;
  for (let i = 0; i < refused; i += 1) last = retryAfter.forRefused();
  return last;
}

it("a call now and then comes again in a second", () => {
  expect(offer(least(), 100, 1)).toBe(2); // a little more came than was taken
  expect(new RetryAfter(() => 0).forRefused()).toBe(1);
});

it("where ten times as many come as are taken, they come again over ten seconds", () => {
  expect(offer(least(), 100, 900)).toBe(10);
});

it("nobody is sent away for longer than half a minute and its jitter", () => {
  expect(offer(new RetryAfter(() => 0.999), 0, 1_000)).toBe(60);
});

it("what was refused a while ago is forgotten", () => {
  const retryAfter = least();
  offer(retryAfter, 100, 900);
  jest.advanceTimersByTime(10_000);
  expect(offer(retryAfter, 100, 0)).toBe(0);
  expect(retryAfter.forRefused()).toBe(2);
});
