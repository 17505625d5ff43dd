import { redisCounter } from "./redis-counter";

let isWell: boolean;
jest.mock("ioredis", () => ({
  Redis: class {
    readonly on = (): void => undefined;
    readonly disconnect = (): void => undefined;
    readonly addAll = (): Promise<number[]> =>
      isWell ? Promise.resolve([1, 1, 60_000]) : Promise.reject(new Error("Command timed out"));
  },
}));

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it("tells once that Redis is away, however often it is asked in vain, and once that it is back", async () => {
  const said: string[] = [];
  const tell = (level: string) => (): void => void said.push(level);
  const counter = redisCounter("redis://a", { info: tell("info"), warn: tell("warn"), error: tell("error") });
  const count = (): unknown => counter.add([{ name: "a", more: 1, seconds: 60, most: 10 }]);
  const goAway = async (): Promise<void> => {
    isWell = false;
    for (let i = 0; i < 3; i += 1) await count();
    for (let i = 0; i < 3; i += 1) {
      await jest.advanceTimersByTimeAsync(1_001);
      await count(); // is asked of Redis, in vain
    }
  };
  const comeBack = async (): Promise<void> => {
    isWell = true;
    await jest.advanceTimersByTimeAsync(1_001);
    await count();
  };
  await goAway();
  expect(said).toEqual(["warn"]);
  await comeBack();
  expect(said).toEqual(["warn", "info"]);
  await goAway();
  expect(said).toEqual(["warn", "info", "warn"]);
  counter.stop();
});
