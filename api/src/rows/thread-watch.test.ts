import { ThreadWatch } from "./thread-watch";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watched(hears: (asks: number) => boolean) {
  const told = { asks: 0, hung: 0 };
  const watch: ThreadWatch = new ThreadWatch({
    ask: () => {
      told.asks += 1;
      if (hears(told.asks)) watch.answered();
    },
    onHung: () => (told.hung += 1),
  });
  watch.start();
  watch.start();
  return { watch, told };
}

it("a thread that has not answered in ten seconds hangs, which is told once", () => {
  const { told } = watched(() => false);
  jest.advanceTimersByTime(10_999);
  expect(told).toEqual({ asks: 1, hung: 0 });
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual({ asks: 1, hung: 1 });
});

it("one that answers is asked each second", () => {
  const { told } = watched(() => true);
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual({ asks: 60, hung: 0 });
});

it("one that has nothing to do is not asked, and its time begins anew", () => {
  const { watch, told } = watched(() => false);
  jest.advanceTimersByTime(8_000);
  watch.stop();
  jest.advanceTimersByTime(60_000);
  watch.start();
  jest.advanceTimersByTime(9_000);
  expect([told, jest.getTimerCount()]).toEqual([{ asks: 1, hung: 0 }, 1]);
  watch.stop();
  expect(jest.getTimerCount()).toBe(0);
});
