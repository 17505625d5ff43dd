import { tellAcceptErrors } from "./accept-errors";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it("the first is told at once, and thousands behind it are a line a minute, with how many they were", () => {
  const said: unknown[] = [];
  const tell = tellAcceptErrors({ error: (fields, text) => void said.push([fields, text]) }, "picklepod");
  const lineOf = (err: Error, times: number): unknown => [
    { err, what: "picklepod", times },
    `connections to picklepod could not be accepted: ${err.message}`,
  ];
  const [first, other] = [new Error("accept ENOMEM"), new Error("accept EPERM")];
  tell(first);
  expect(said).toEqual([lineOf(first, 1)]);
  for (let i = 0; i < 2_999; i += 1) tell(first);
  tell(other);
  jest.advanceTimersByTime(59_000);
  expect(said).toHaveLength(1);
  jest.advanceTimersByTime(200_000);
  expect(said.slice(1)).toEqual([lineOf(other, 3_000)]);
  tell(first);
  expect(said.slice(2)).toEqual([lineOf(first, 1)]);
});
