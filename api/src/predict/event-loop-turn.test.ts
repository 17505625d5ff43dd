import { EventLoopTurn } from "./event-loop-turn";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** One turn in which that many calls come, each of which takes so long; what the last of them was told. */
function turn(loop: EventLoopTurn, calls: number, ms: number): boolean {
  let last = false;
  for (let i = 0; i < calls; i += 1) {
    last = loop.isTooLong();
    now += ms;
  }
  jest.runOnlyPendingTimers(); // immediates are timers to it
  return last;
}
let now = 0;
beforeEach(() => {
  now = 1_000;
  jest.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

it("a turn with a crowd is too long only after another that was long: the first may have been a pause", () => {
  const loop = new EventLoopTurn();
  expect(turn(loop, 200, 1)).toBe(false);
  expect(turn(loop, 100, 1)).toBe(false);
  expect(turn(loop, 200, 1)).toBe(true);
});

it("is not, where a pause lay between", () => {
  const loop = new EventLoopTurn();
  turn(loop, 200, 1);
  now += 1_000;
  expect(turn(loop, 200, 1)).toBe(false);
});

it("is not, where many come and all are done soon", () => {
  const loop = new EventLoopTurn();
  for (let i = 0; i < 20; i += 1) expect(turn(loop, 1_000, 0.05)).toBe(false);
});
