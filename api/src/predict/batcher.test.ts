import { setMaxListeners } from "node:events";

import { Batcher, type BatcherOptions, QueueFull } from "./batcher";

interface Call {
  readonly id: string;
  readonly rows: number;
}

class OneCallsFault extends Error {}

/** A dispatch that answers when the test says so. */
function fakeDispatch() {
  const batches: {
    ids: string[];
    answer: (results?: string[]) => Promise<void>;
    fail: (error: Error) => Promise<void>;
  }[] = [];
  const dispatch = (calls: readonly Call[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const ids = calls.map(({ id }) => id);
      batches.push({
        ids,
        answer: (results = ids.map((id) => `${id}!`)) => {
          resolve(results);
          return settled();
        },
        fail: (error) => {
          reject(error);
          return settled();
        },
      });
    });
  return { dispatch, batches, sent: () => batches.map(({ ids }) => ids.join("")) };
}

/** Every promise that can go on has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const make = (
  dispatch: BatcherOptions<Call, string>["dispatch"],
  options: Partial<BatcherOptions<Call, string>> = {},
) =>
  new Batcher<Call, string>({
    dispatch,
    rowsOf: ({ rows }) => rows,
    maxRows: () => 4,
    maxRowsWaiting: 10,
    inFlight: () => 1,
    mayBeOneCalls: (error) => error instanceof OneCallsFault,
    ...options,
  });

const never = new AbortController().signal;
setMaxListeners(0, never); // every test's calls listen to it
const calls = (ids: string, rows = 1): Call[] => Array.from(ids).map((id) => ({ id, rows }));

/** A submission, and how it ended if it has. */
function submit(batcher: Batcher<Call, string>, list: readonly Call[], signal = never) {
  const submission: { outcome: unknown } = { outcome: "waiting" };
  batcher.submit(list, signal).then(
    (results) => (submission.outcome = results),
    (error: unknown) => (submission.outcome = error),
  );
  return submission;
}

const unhandled: unknown[] = [];
const note = (reason: unknown): void => {
  unhandled.push(reason);
};
beforeAll(() => process.on("unhandledRejection", note));
afterAll(async () => {
  await settled();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("joining calls", () => {
  it("a lone call leaves at once", () => {
    const { dispatch, sent } = fakeDispatch();
    submit(make(dispatch), calls("a"));
    expect(sent()).toEqual(["a"]);
  });

  it("what gathers while a batch is on its way leaves together as soon as it is back, in order", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    const [a, b, c, d] = Array.from("abcd").map((id) => submit(batcher, calls(id)));
    expect([sent(), batcher.rowsWaiting]).toEqual([["a"], 3]);
    await batches[0]?.answer();
    expect([sent(), batcher.rowsWaiting, a?.outcome, b?.outcome]).toEqual([["a", "bcd"], 0, ["a!"], "waiting"]);
    await batches[1]?.answer();
    expect([b?.outcome, c?.outcome, d?.outcome]).toEqual([["b!"], ["c!"], ["d!"]]);
  });

  it("a batch holds at most maxRows rows", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    for (const list of [calls("a"), calls("b", 2), calls("c", 2), calls("d", 1), calls("e", 3), calls("f", 1)])
      submit(batcher, list);
    for (const i of [0, 1, 2, 3]) await batches[i]?.answer();
    expect(sent()).toEqual(["a", "bc", "de", "f"]);
  });

  it("a call larger than that leaves alone", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    for (const list of [calls("a"), calls("b"), calls("L", 8), calls("c")]) submit(batcher, list);
    for (const i of [0, 1, 2, 3]) await batches[i]?.answer();
    expect(sent()).toEqual(["a", "b", "L", "c"]);
  });

  it("as many batches are on their way as are let", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch, { inFlight: () => 2 });
    for (const id of "abcde") submit(batcher, calls(id));
    expect(sent()).toEqual(["a", "b"]);
    await batches[1]?.answer();
    expect(sent()).toEqual(["a", "b", "cde"]);
  });

  it("a submission of many calls has its results in its order, whichever batches they were in", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch, { inFlight: () => 2 });
    const submission = submit(batcher, calls("abcdefg"));
    expect(sent()).toEqual(["abcd", "efg"]);
    await batches[1]?.answer();
    expect(submission.outcome).toBe("waiting");
    await batches[0]?.answer();
    expect(submission.outcome).toEqual(Array.from("abcdefg").map((id) => `${id}!`));
  });

  it("single calls and bulk take turns: a single call waits for one call of a large submission", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch, { maxRowsWaiting: 100 });
    submit(batcher, calls("abcd", 4));
    submit(batcher, calls("x"));
    submit(batcher, calls("y"));
    for (let i = 0; i < 5; i += 1) await batches[i]?.answer();
    expect(sent()).toEqual(["a", "xy", "b", "c", "d"]);
  });

  it("large submissions leave in the order in which they are due, and else in that in which they came", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch, { maxRowsWaiting: 100 });
    for (const [ids, due] of [
      ["abc", 300],
      ["def", 200],
      ["gh", 100],
      ["ij", 200],
    ] as const)
      // prettier-ignore
      void batcher.submit(calls(ids, 4), never, "bulk", due);
    for (let i = 0; i < 10; i += 1) await batches[i]?.answer();
    expect(sent().join("")).toBe("aghdefijbc"); // the first had left when nobody else was there
  });

  it("a submission of no calls is answered with nothing", async () => {
    const { dispatch, sent } = fakeDispatch();
    expect(await make(dispatch).submit([], never)).toEqual([]);
    expect(sent()).toEqual([]);
  });
});

describe("what waits in two lanes", () => {
  it("leaves by turns while both wait, so that neither starves the other", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch, { maxRows: () => 2, maxRowsWaiting: 100 });
    submit(batcher, calls("0"));
    submit(batcher, calls("ABCD", 2)); // more than one call is bulk
    for (const id of "abcdef") submit(batcher, calls(id));
    expect([batcher.rowsWaitingIn("single"), batcher.rowsWaitingIn("bulk")]).toEqual([6, 8]);
    for (let i = 0; i < 8; i += 1) await batches[i]?.answer();
    expect(sent()).toEqual(["0", "A", "ab", "B", "cd", "C", "ef", "D"]);
    expect([batcher.rowsWaitingIn("single"), batcher.rowsWaitingIn("bulk")]).toEqual([0, 0]);
  });

  it("one call may be bulk by its sender's word", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    submit(batcher, calls("0"));
    const piece = batcher.submit(calls("P"), never, "bulk");
    submit(batcher, calls("a"));
    expect(batcher.rowsWaitingIn("bulk")).toBe(1);
    for (let i = 0; i < 3; i += 1) await batches[i]?.answer();
    expect([sent(), await piece]).toEqual([["0", "P", "a"], ["P!"]]);
  });

  it("is told after each batch: what still waits in its lane", async () => {
    const { dispatch, batches } = fakeDispatch();
    const left: unknown[] = [];
    const batcher = make(dispatch, { maxRows: () => 2, left: (...told) => left.push(told) });
    for (const list of [calls("a"), calls("b"), calls("c"), calls("d"), calls("AB", 2)]) submit(batcher, list);
    for (let i = 0; i < 5; i += 1) await batches[i]?.answer();
    expect(left).toEqual([["single", 0], ["bulk", 2], ["single", 1], ["bulk", 0], ["single", 0]]); // prettier-ignore
  });
});

describe("a call that is refused when its turn comes", () => {
  it("is never sent, its submission is rejected with the reason, and the next takes its turn", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const late = new Error("too late");
    const batcher = make(dispatch, { refuse: ({ id }, lane) => (id === "b" || lane === "bulk" ? late : undefined) });
    submit(batcher, calls("a"));
    const refused = [submit(batcher, calls("b")), submit(batcher, calls("BC"))];
    const taken = submit(batcher, calls("c"));
    await batches[0]?.answer();
    await batches[1]?.answer();
    expect([sent(), taken.outcome, batcher.rowsWaiting]).toEqual([["a", "c"], ["c!"], 0]);
    expect(refused.map(({ outcome }) => outcome)).toEqual([late, late]);
  });
});

describe("a full queue", () => {
  it("is its lane's: however much bulk waits, a single call is taken", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    submit(batcher, calls("a"));
    submit(batcher, calls("bbbbb", 2));
    const single = submit(batcher, calls("c"));
    await expect(batcher.submit(calls("dd"), never)).rejects.toEqual(new QueueFull(10));
    await batches[0]?.answer();
    await batches[1]?.answer();
    await batches[2]?.answer();
    expect([single.outcome, sent()]).toEqual([["c!"], expect.arrayContaining(["c"])]);
  });

  it("refuses at once what goes beyond it, and takes it when there is room again", async () => {
    const { dispatch, batches } = fakeDispatch();
    const batcher = make(dispatch);
    submit(batcher, calls("a"));
    submit(batcher, calls("b", 10));
    await expect(batcher.submit(calls("c"), never)).rejects.toEqual(new QueueFull(10));
    await batches[0]?.answer();
    expect(batcher.rowsWaiting).toBe(0);
    const later = submit(batcher, calls("d"));
    await batches[1]?.answer();
    await batches[2]?.answer();
    expect(later.outcome).toEqual(["d!"]);
  });

  it("takes a submission larger than it where nothing waits, which could never be answered otherwise", () => {
    const { dispatch, sent } = fakeDispatch();
    const batcher = make(dispatch);
    submit(batcher, calls("a"));
    submit(batcher, calls("b", 100));
    expect([sent(), batcher.rowsWaiting]).toEqual([["a"], 100]);
  });
});

describe("giving up", () => {
  it("a call that waits is taken back, and those beside it go on", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    const leaving = new AbortController();
    submit(batcher, calls("a"));
    const gone = submit(batcher, calls("bc"), leaving.signal);
    const stays = submit(batcher, calls("d"));
    leaving.abort(new Error("gone"));
    await settled();
    expect([gone.outcome, batcher.rowsWaiting]).toEqual([new Error("gone"), 1]);
    await batches[0]?.answer();
    await batches[1]?.answer();
    expect([sent(), stays.outcome]).toEqual([["a", "d"], ["d!"]]);
  });

  it("a call that is on its way is answered at once, and its late result goes nowhere", async () => {
    const { dispatch, batches } = fakeDispatch();
    const batcher = make(dispatch);
    const leaving = new AbortController();
    const gone = submit(batcher, calls("a"), leaving.signal);
    leaving.abort(new Error("gone"));
    await settled();
    expect(gone.outcome).toEqual(new Error("gone"));
    const next = submit(batcher, calls("b"));
    await batches[0]?.answer();
    await batches[1]?.answer();
    expect([gone.outcome, next.outcome]).toEqual([new Error("gone"), ["b!"]]);
  });

  it("what has been given up already is not begun", async () => {
    const { dispatch, sent } = fakeDispatch();
    const batcher = make(dispatch);
    const outcome = batcher.submit(calls("a"), AbortSignal.abort(new Error("gone")));
    await expect(outcome).rejects.toThrow("gone");
    expect([sent(), batcher.rowsWaiting]).toEqual([[], 0]);
  });

  it("leaves no listener on the signal, however it ends", async () => {
    const { dispatch, batches } = fakeDispatch();
    const leaving = new AbortController();
    const [added, removed] = [
      jest.spyOn(leaving.signal, "addEventListener"),
      jest.spyOn(leaving.signal, "removeEventListener"),
    ];
    submit(make(dispatch), calls("a"), leaving.signal);
    await batches[0]?.answer();
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});

describe("a batch that fails", () => {
  /** Answers unless one of the bad calls is in the batch. */
  function refusing(bad: string) {
    const sent: string[] = [];
    const dispatch = (list: readonly Call[]): Promise<string[]> => {
      const ids = list.map(({ id }) => id).join("");
      sent.push(ids);
      if (Array.from(bad).some((id) => ids.includes(id))) return Promise.reject(new OneCallsFault(ids));
      return Promise.resolve(list.map(({ id }) => `${id}!`));
    };
    return { dispatch, sent };
  }

  it("for one call's reason is halved until that call stands alone, and only it fails", async () => {
    const { dispatch, sent } = refusing("f");
    const batcher = make(dispatch, { maxRows: () => 8 });
    const [first, ...rest] = Array.from("0abcdefgh").map((id) => submit(batcher, calls(id)));
    await settled();
    await settled();
    expect(first?.outcome).toEqual(["0!"]);
    expect(rest.map(({ outcome }) => outcome)).toEqual(
      Array.from("abcdefgh").map((id) => (id === "f" ? new OneCallsFault("f") : [`${id}!`])),
    );
    expect(sent).toEqual(["0", "abcdefgh", "abcd", "efgh", "ef", "e", "f", "gh"]);
  });

  it("is sent again fewer than twice as often as it has calls, were they all at fault", async () => {
    const ids = "abcdefghijklmnop";
    const { dispatch, sent } = refusing(ids);
    const batcher = make(dispatch, { maxRows: () => 16, maxRowsWaiting: 100 });
    const first = submit(batcher, calls("0"));
    const rest = Array.from(ids).map((id) => submit(batcher, calls(id)));
    await settled();
    await settled();
    expect(first.outcome).toEqual(["0!"]);
    expect(rest.map(({ outcome }) => outcome)).toEqual(Array.from(ids).map((id) => new OneCallsFault(id)));
    expect(sent.length).toBe(1 + 2 * ids.length - 1);
  });

  it("is not halved for a reason that is no one's: all its calls fail, after one dispatch", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    const [first, ...rest] = Array.from("abc").map((id) => submit(batcher, calls(id)));
    await batches[0]?.fail(new Error("down"));
    await batches[1]?.fail(new Error("down"));
    expect([first, ...rest].map((submission) => submission?.outcome)).toEqual(Array(3).fill(new Error("down")));
    expect(sent()).toEqual(["a", "bc"]);
  });

  it("does not stop the batches after it", async () => {
    const { dispatch, batches } = fakeDispatch();
    const batcher = make(dispatch);
    submit(batcher, calls("a"));
    const next = submit(batcher, calls("b"));
    await batches[0]?.fail(new Error("down"));
    await batches[1]?.answer();
    expect(next.outcome).toEqual(["b!"]);
  });

  it("fails a submission as a whole, whose other calls are then taken back", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    const submission = submit(batcher, calls("abcdefgh"));
    expect(batcher.rowsWaiting).toBe(4);
    await batches[0]?.fail(new Error("down"));
    expect([submission.outcome, batcher.rowsWaiting, sent()]).toEqual([new Error("down"), 0, ["abcd"]]);
  });

  it.each([[[]], [["a!"]], [["a!", "b!", "c!"]]])("%j for two calls answers neither", async (results) => {
    const { dispatch, batches } = fakeDispatch();
    const batcher = make(dispatch);
    submit(batcher, calls("0"));
    const both = [submit(batcher, calls("a")), submit(batcher, calls("b"))];
    await batches[0]?.answer();
    await batches[1]?.answer(results);
    const fault = new Error("dispatch gave not one result per call");
    expect(both.map(({ outcome }) => outcome)).toEqual([fault, fault]);
  });

  it("fails its calls also where dispatch throws instead of rejecting", async () => {
    const batcher = make(() => {
      throw new Error("defect");
    });
    await expect(batcher.submit(calls("a"), never)).rejects.toThrow("defect");
    await expect(batcher.submit(calls("b"), never)).rejects.toThrow("defect");
  });

  it("is not halved for calls that nobody waits for any more", async () => {
    const { dispatch, batches, sent } = fakeDispatch();
    const batcher = make(dispatch);
    const leaving = new AbortController();
    submit(batcher, calls("0"));
    submit(batcher, calls("a"), leaving.signal);
    submit(batcher, calls("b"), leaving.signal);
    const stays = submit(batcher, calls("c"));
    await batches[0]?.answer();
    leaving.abort(new Error("gone"));
    await batches[1]?.fail(new OneCallsFault("abc"));
    await batches[2]?.answer();
    expect([sent(), stays.outcome]).toEqual([["0", "abc", "c"], ["c!"]]);
  });
});
