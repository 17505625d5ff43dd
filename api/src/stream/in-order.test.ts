import { inOrder } from "./in-order";

/** Something that is settled from outside. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function collected<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe("inOrder", () => {
  it("gives the results in the items' order, whichever is there first", async () => {
    const waits = [30, 0, 20, 10];
    const work = async (wait: number): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, wait));
      return wait;
    };
    expect(await collected(inOrder(of(...waits), 2, work))).toEqual(waits);
  });

  it("works on no more items at once than it may, and takes no more from the source", async () => {
    const [begun, taken] = [[] as number[], [] as number[]];
    async function* source(): AsyncGenerator<number> {
      for (let i = 0; i < 5; i += 1) {
        taken.push(i);
        yield await Promise.resolve(i);
      }
    }
    const gates = Array.from({ length: 5 }, () => deferred<undefined>());
    const results = inOrder(source(), 2, async (i) => {
      begun.push(i);
      await gates[i]?.promise;
      return i;
    });
    const first = results.next();
    await turn();
    expect([begun, taken]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    gates[0]?.resolve(undefined);
    expect(await first).toEqual({ done: false, value: 0 });
    await turn();
    expect([begun, taken]).toEqual([
      [0, 1],
      [0, 1],
    ]); // nobody has asked for more
    await results.return();
  });

  it("gives a result while the source is still silent", async () => {
    const silence = deferred<undefined>();
    async function* source(): AsyncGenerator<number> {
      yield 1;
      await silence.promise;
    }
    const results = inOrder(source(), 2, (i) => Promise.resolve(i * 10));
    expect(await results.next()).toEqual({ done: false, value: 10 });
    silence.resolve(undefined);
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it("lets a source's failure wait for its turn behind the results before it", async () => {
    const slow = deferred<string>();
    async function* source(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      throw new Error("the body is broken");
    }
    const results = inOrder(source(), 2, () => slow.promise);
    const first = results.next();
    await turn();
    slow.resolve("answered");
    expect(await first).toEqual({ done: false, value: "answered" });
    await expect(results.next()).rejects.toThrow("the body is broken");
  });

  it("tells of work that failed while the source is silent, though the source ends only later", async () => {
    const silence = deferred<undefined>();
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        await silence.promise;
      } finally {
        ended = true;
      }
    }
    const results = inOrder(source(), 2, () => Promise.reject(new Error("the first row is wrong")));
    await expect(Promise.race([results.next(), passed(200)])).rejects.toThrow("the first row is wrong");
    silence.resolve(undefined);
    await turn();
    expect(ended).toBe(true);
  });

  it("ends the source and hears no failure more where its reader stops", async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    process.on("unhandledRejection", hear);
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i += 1) yield await Promise.resolve(i);
      } finally {
        ended = true;
      }
    }
    const [answering, failing] = [deferred<number>(), deferred<number>()];
    const results = inOrder(source(), 2, (i) => (i === 0 ? answering.promise : failing.promise));
    const first = results.next();
    await turn(); // both are worked on
    answering.resolve(0);
    await first;
    await results.return();
    failing.reject(new Error("too late to matter"));
    await turn();
    process.off("unhandledRejection", hear);
    expect({ ended, unheard }).toEqual({ ended: true, unheard: [] });
  });
});
