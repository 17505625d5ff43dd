import { Problem } from "../problems";
import { mostHeldBy, StreamsUnderWay } from "./streams-under-way";

function refusalOf(streams: StreamsUnderWay, bytes: number): unknown {
  try {
    streams.begin(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

it("takes so many at once, and another when one is over", () => {
  const streams = new StreamsUnderWay({ streams: 2, bytes: 1_000 });
  const leave = streams.begin(1);
  streams.begin(1);
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
  streams.begin(400);
  streams.begin(400);
  expect(refusalOf(streams, 400)).toBeInstanceOf(Problem);
  expect(refusalOf(streams, 200)).toBeUndefined();
  expect(refusalOf(new StreamsUnderWay({ streams: 1, bytes: 10 }), 1_000)).toBeUndefined();
});

it("knows what one may hold: four chunks of its rows, and a megabyte of the body", () => {
  expect(mostHeldBy(100)).toBe(4 * 4_096 * 100 * 8 + 1024 * 1024);
});
