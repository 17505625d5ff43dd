import { Problem } from "../problems";
import { mostHeldBy, StreamsUnderWay } from "./streams-under-way";

/** A stream whose client has sent and read so much a second; undefined where that is not known. */
function streamOf(bytesPerSecond?: number) {
  const pace = { bytesPerSecond, look: jest.fn() };
  return { pace, giveUp: jest.fn<undefined, [Problem]>() };
}

function refusalOf(streams: StreamsUnderWay, bytes: number): unknown {
  try {
    streams.begin(bytes, streamOf());
    return undefined;
  } catch (error) {
    return error;
  }
}

it("takes so many at once, and another when one is over", () => {
  const streams = new StreamsUnderWay({ streams: 2, bytes: 1_000 });
  const leave = streams.begin(1, streamOf());
  streams.begin(1, streamOf());
  const refusal = refusalOf(streams, 1);
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal).toMatchObject({
    problemName: "overloaded",
    members: {
      detail: expect.stringMatching(/^2 streams are under way already.*Try again in \d+ s/) as string,
      headers: { "retry-after": expect.stringMatching(/^[1-9]\d*$/) as string },
    },
  });
  leave();
  expect([refusalOf(streams, 1), refusalOf(streams, 1)]).toEqual([undefined, expect.any(Problem)]);
});

it("takes fewer of those that hold much, and one by itself whatever it holds", () => {
  const streams = new StreamsUnderWay({ streams: 100, bytes: 1_000 });
  streams.begin(400, streamOf());
  streams.begin(400, streamOf());
  expect(refusalOf(streams, 400)).toBeInstanceOf(Problem);
  expect(refusalOf(streams, 200)).toBeUndefined();
  expect(refusalOf(new StreamsUnderWay({ streams: 1, bytes: 10 }), 1_000)).toBeUndefined();
});

it("knows what one may hold: four chunks of its rows, and a megabyte of the body", () => {
  expect(mostHeldBy(100)).toBe(4 * 4_096 * 100 * 8 + 1024 * 1024);
});

describe("where there is no place for another", () => {
  const wasEnded = ({ giveUp }: ReturnType<typeof streamOf>): boolean => giveUp.mock.calls.length > 0;

  it("the slowest client loses its, if it is slower than any line", () => {
    const all = [2_000, 30, 1, undefined, 900].map(streamOf);
    const streams = new StreamsUnderWay({ streams: 5, bytes: 1_000 });
    const leaves = all.map((stream) => streams.begin(1, stream));
    const ended: boolean[][] = [];
    for (let more = 0; more < 4; more += 1) {
      ended.push([refusalOf(streams, 1) === undefined, ...all.map(wasEnded)]);
    }
    expect(ended).toEqual([
      [true, false, false, true, false, false],
      [true, false, true, true, false, false],
      [true, false, true, true, false, true],
      [false, false, true, true, false, true],
    ]);
    expect(all[2]?.giveUp.mock.calls[0]?.[0]).toMatchObject({ problemName: "client-idle", status: 408 });
    leaves[2]?.(); // when its stream is over, the place is another's
    expect(refusalOf(streams, 1)).toBeInstanceOf(Problem);
    leaves[0]?.();
    expect(refusalOf(streams, 1)).toBeUndefined();
  });

  it("as many do as it takes, and none where that would not be enough", () => {
    const [one, two, fast] = [streamOf(1), streamOf(2), streamOf()];
    const streams = new StreamsUnderWay({ streams: 100, bytes: 1_000 });
    for (const stream of [one, two, fast]) streams.begin(300, stream);
    expect([refusalOf(streams, 800), wasEnded(one), wasEnded(two)]).toEqual([expect.any(Problem), false, false]);
    expect([refusalOf(streams, 700), wasEnded(one), wasEnded(two)]).toEqual([undefined, true, true]);
  });

  it("nobody does where there is one", () => {
    const slow = streamOf(0);
    const streams = new StreamsUnderWay({ streams: 2, bytes: 1_000 });
    streams.begin(1, slow);
    expect([refusalOf(streams, 1), wasEnded(slow)]).toEqual([undefined, false]);
  });
});

it("looks at each stream once a second, while there is one", () => {
  jest.useFakeTimers();
  try {
    const stream = streamOf();
    const streams = new StreamsUnderWay({ streams: 2, bytes: 1_000 });
    const leave = streams.begin(1, stream);
    jest.advanceTimersByTime(5_000);
    expect(stream.pace.look).toHaveBeenCalledTimes(5);
    leave();
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
