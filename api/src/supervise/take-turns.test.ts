import { takeTurns } from "./take-turns";

it("runs so many at once, the others in the order they came, also after a failure", async () => {
  const inTurn = takeTurns(2);
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => async () => {
    log.push(name);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (name === "a") throw new Error("a failed");
    return name;
  };
  const all = ["a", "b", "c", "d"].map((name) => inTurn(work(name)));
  const settled = Promise.allSettled(all);
  expect(log).toEqual(["a", "b"]);
  ends[0]?.();
  await all[0]?.catch(() => undefined);
  await Promise.resolve();
  expect(log).toEqual(["a", "b", "c"]);
  ends[1]?.();
  await all[1];
  await Promise.resolve();
  expect(log).toEqual(["a", "b", "c", "d"]);
  ends[2]?.();
  ends[3]?.();
  expect((await settled).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
});
