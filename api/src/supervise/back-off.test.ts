import { backOff } from "./back-off";

describe("the delays between restarts", () => {
  it("are none at first, then 100 ms doubling to 10 s", () => {
    const nextDelay = backOff();
    const delays = Array.from({ length: 10 }, () => nextDelay(0));
    expect(delays).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it("begin anew after it has been up for 30 s", () => {
    const nextDelay = backOff();
    expect([0, 0, 0, 29_999, 30_000, 0].map(nextDelay)).toEqual([0, 100, 200, 400, 0, 100]);
  });
});
