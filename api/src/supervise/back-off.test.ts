import { backOff, type Run } from "./back-off";

const crashed: Run = { upMs: 0, wasReady: false };
const killed: Run = { upMs: 2_000, wasReady: true };
const delays = (runs: readonly Run[]): number[] => {
  const next = backOff();
  return runs.map((run) => next(run).delayMs);
};

describe("the delays between restarts", () => {
  it("of one that never serves are none at first, then 100 ms doubling, and a minute after the eighth", () => {
    expect(delays(Array<Run>(10).fill(crashed))).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 60_000, 60_000]);
  });

  it("of one that serves until something ends it stay short, for thirty times", () => {
    const all = delays(Array<Run>(32).fill(killed));
    expect(all).toEqual([0, 100, ...Array<number>(28).fill(200), 60_000, 60_000]);
  });

  it("begin anew after it has been up for 30 s", () => {
    const up = (upMs: number): Run => ({ upMs, wasReady: false });
    expect(delays([0, 0, 0, 29_999, 30_000, 0].map(up))).toEqual([0, 100, 200, 400, 0, 100]);
  });

  it("of one that is ended before it serves again stay as short as they were", () => {
    const all = delays([...Array<Run>(12).fill(killed), crashed, crashed, killed, crashed, killed]);
    expect(all.slice(11)).toEqual([200, 0, 100, 200, 0, 200]);
  });

  it("say how many ends there were in a row, and when they are too many", () => {
    const next = backOff();
    const restarts = Array.from({ length: 9 }, () => next(crashed));
    expect(restarts[7]).toEqual({ delayMs: 6_400, inARow: 8, isSlow: false });
    expect(restarts[8]).toEqual({ delayMs: 60_000, inARow: 9, isSlow: true });
    expect(next({ upMs: 30_000, wasReady: true })).toEqual({ delayMs: 0, inARow: 1, isSlow: false });
  });
});
