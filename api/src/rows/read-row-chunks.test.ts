import { inputSchema } from "../bundle/input-types";
import type { Bundle } from "../bundle/read-bundles";
import { readRowChunks } from "./read-row-chunks";
import { endRowWorkers } from "./row-workers";

afterAll(endRowWorkers);

const bundle = {
  inputs: new Map([["x", inputSchema.parse({ type: "number" })]]),
  manifest: { extra: "error" },
} as unknown as Bundle;

/** A body whose pieces the test gives, and what has become of it. */
function bodyOf(pieces: Buffer[]) {
  const body = { isReturned: false, wake: (): void => undefined };
  const iterator: AsyncIterator<Buffer> = {
    next: async () => {
      if (pieces.length === 0) await new Promise<void>((resolve) => (body.wake = resolve));
      const value = pieces.shift();
      return value === undefined ? { done: true, value } : { value };
    },
    return: () => {
      body.isReturned = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return Object.assign(body, { [Symbol.asyncIterator]: () => iterator });
}

const passed = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, "still waiting"));
const open = (body: AsyncIterable<Buffer>) =>
  readRowChunks(bundle, "text/csv", body, {
    rowsPerChunk: 1_024,
    maxRowBytes: 1_000,
    signal: new AbortController().signal,
  });

describe("reading that is ended early", () => {
  it("ends at once though a chunk is awaited, and lets go of the body with its next piece", async () => {
    const body = bodyOf([Buffer.from("x\n1\n")]);
    const chunks = open(body);
    const awaited = chunks.next();
    awaited.catch(() => undefined);
    await passed(50);
    expect(await Promise.race([chunks.return(), passed(1_000)])).toEqual({ done: true, value: undefined });
    expect(await awaited).toEqual({ done: true, value: undefined });
    body.wake();
    await passed(20);
    expect(body.isReturned).toBe(true);
  });

  it("lets go of a body of which more has come than is taken", async () => {
    const body = bodyOf([Buffer.from("x\n"), ...Array.from({ length: 400 }, () => Buffer.from("1\n".repeat(5_000)))]);
    const chunks = open(body);
    expect(await chunks.next()).toMatchObject({ done: false, value: { rows: 1_024 } });
    await chunks.return();
    await passed(20);
    expect(body.isReturned).toBe(true);
  });
});

it("a thread that ends takes the bodies with it that it was reading, and the next body has another", async () => {
  const body = bodyOf([Buffer.from("x\n1\n")]);
  jest.spyOn(Math, "random").mockReturnValue(0.999); // others that it was reading are told another time
  const awaited = open(body).next();
  const outcome = awaited.catch((error: unknown) => error);
  await passed(50);
  await endRowWorkers();
  expect(await outcome).toMatchObject({ problemName: "unavailable", members: { headers: { "retry-after": "2" } } });
  jest.restoreAllMocks();
  const whole = [Buffer.from("x\n"), ...Array.from({ length: 40 }, () => Buffer.from("1\n".repeat(5_000)))];
  expect(await open(bodyOf(whole)).next()).toMatchObject({ done: false, value: { rows: 1_024 } });
}, 30_000); // two threads are started
