import { setImmediate as nextTurn } from "node:timers/promises";

import { EventLoopQueue } from "./event-loop-queue";

let now = 0;
beforeEach(() => {
  now = 1_000;
  jest.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

/** So many calls come in one turn; what becomes of each, by its number, in the order in which that is known. */
function calls(queue: EventLoopQueue, count: number): { begun: number[]; refused: number[] } {
  const known = { begun: [] as number[], refused: [] as number[] };
  for (let i = 0; i < count; i += 1) {
    const turn = queue.turn();
    if (turn === undefined) known.begun.push(i);
    else void turn.then((isTaken) => known[isTaken ? "begun" : "refused"].push(i));
  }
  return known;
}

const numbers = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, i) => first + i);

it("begins 32 calls in the turn in which they come, and the next in the next one, in their order", async () => {
  const { begun } = calls(new EventLoopQueue(), 70);
  expect(begun).toEqual(numbers(0, 32));
  await nextTurn();
  expect(begun).toEqual(numbers(0, 64));
  await nextTurn();
  expect(begun).toEqual(numbers(0, 70));
});

it("begins half of those that wait, where that is more", async () => {
  const { begun } = calls(new EventLoopQueue(), 232);
  await nextTurn();
  expect(begun).toEqual(numbers(0, 132));
});

it("begins no more than 256 in a turn, however many wait", async () => {
  const { begun } = calls(new EventLoopQueue(), 1_032);
  await nextTurn();
  expect(begun).toEqual(numbers(0, 288));
});

it("lets nobody pass who comes while others wait", async () => {
  const queue = new EventLoopQueue();
  calls(queue, 70);
  await nextTurn();
  const { begun } = calls(queue, 1);
  expect(begun).toEqual([]);
  await nextTurn();
  expect(begun).toEqual([0]);
});

it("begins at once again when nobody waits", async () => {
  const queue = new EventLoopQueue();
  calls(queue, 40);
  for (let i = 0; i < 3; i += 1) await nextTurn();
  expect(calls(queue, 32).begun).toEqual(numbers(0, 32));
});

it("of a crowd that stands begins the newest, and refuses as many of the oldest", async () => {
  const { begun, refused } = calls(new EventLoopQueue(), 232);
  now += 501;
  await nextTurn();
  expect([begun, refused]).toEqual([numbers(0, 132), []]); // it may have been a pause
  await nextTurn();
  expect(begun).toEqual([...numbers(0, 132), ...numbers(200, 232)]);
  expect(refused).toEqual(numbers(132, 164));
  await nextTurn();
  await nextTurn();
  expect([begun.length + refused.length, refused]).toEqual([232, numbers(132, 168)]);
});

it("refuses nobody after a pause, when those who waited are begun in time", async () => {
  const { begun, refused } = calls(new EventLoopQueue(), 64);
  now += 5_000;
  await nextTurn();
  expect([begun, refused]).toEqual([numbers(0, 64), []]);
});

it("refuses nobody of a crowd who has not waited long", async () => {
  const queue = new EventLoopQueue();
  const old = calls(queue, 172);
  now += 501;
  const young = calls(queue, 100);
  await nextTurn();
  await nextTurn();
  expect([old.refused, young.refused, young.begun]).toEqual([numbers(152, 172), [], numbers(68, 100)]);
});
