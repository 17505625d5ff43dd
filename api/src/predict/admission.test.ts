import { noObserver } from "../observer";
import { Problem } from "../problems";
import { Admission } from "./admission";
import type { Lane } from "./batcher";
import { CallCost } from "./call-cost";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A model whose calls take 1 ms and 0.1 ms a row, 90 rows in a call, behind one sidecar. */
function admissionOf({ single = 0, bulk = 0 } = {}) {
  const cost = new CallCost();
  for (let i = 0; i < 400; i += 1) cost.observe([1, 30, 90][i % 3] ?? 1, 1 + 0.1 * ([1, 30, 90][i % 3] ?? 1));
  const rows = { single, bulk };
  const shed: string[] = [];
  const observer = { ...noObserver, shed: (model: string, reason: string) => void shed.push(`${model}: ${reason}`) };
  const queue = { rowsWaitingIn: (lane: Lane) => rows[lane], maxRows: () => 90, sidecars: () => 1 };
  const admission = new Admission("mine", cost, queue, observer);
  const verdict = (count: number, remainingMs: number, lane: Lane = "single"): string => {
    try {
      admission.check(count, remainingMs, lane);
      return "taken";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return `${error.problemName} ${String(error.members.headers?.["retry-after"])}: ${error.message}`;
    }
  };
  return { admission, rows, verdict, shed };
}

it("a call that nobody is before is taken, however short its time", () => {
  const { verdict, shed } = admissionOf();
  expect([verdict(1, 0.01), verdict(10_000, 1, "bulk"), shed]).toEqual(["taken", "taken", []]);
});

it("a call is taken while its turn comes within its time, and told at once where it does not", () => {
  const { verdict, shed } = admissionOf({ single: 9_000 }); // 100 calls of 10 ms
  expect(verdict(1, 1_100)).toBe("taken");
  expect(verdict(1, 900)).toMatch(
    /^overloaded [2-4]: 9000 rows are waiting already, and this call's turn would come too late\. Try again in [2-4] s, or send fewer rows at once\.$/,
  );
  expect(shed).toEqual(["mine: work"]);
});

it("its own rows count too", () => {
  const { verdict } = admissionOf({ single: 90, bulk: 90 });
  expect([verdict(90, 100, "bulk"), verdict(9_000, 100, "bulk")]).toEqual(["taken", expect.stringMatching(/^overl/)]);
});

it("a single call waits for the bulk that passes between, not for all of it", () => {
  const { verdict } = admissionOf({ single: 90, bulk: 90_000 });
  expect(verdict(1, 60)).toBe("taken");
  expect(verdict(1, 20)).toMatch(/^overloaded/);
  expect(verdict(90, 60, "bulk")).toMatch(/^overloaded/);
});

it("a sidecar that is late with a call is expected to take as long again", () => {
  const { admission, verdict } = admissionOf();
  const came = admission.sent(1);
  jest.advanceTimersByTime(400);
  expect([verdict(1, 500), verdict(1, 390)]).toEqual(["taken", expect.stringMatching(/^overloaded/)]);
  came();
  expect(verdict(1, 10)).toBe("taken");
});

describe("a queue that stands", () => {
  const standing = (single: number) => {
    const known = admissionOf({ single });
    for (let i = 0; i < 30; i += 1) {
      known.admission.left("single", single);
      jest.advanceTimersByTime(10);
    }
    return known;
  };

  it("is kept short: a single call that would wait for more than a tenth of a second is refused", () => {
    expect(standing(600).verdict(1, 1_000)).toBe("taken"); // 70 ms
    const { verdict, shed } = standing(1_800); // 200 ms
    expect([verdict(1, 1_000), shed]).toEqual([expect.stringMatching(/^overloaded/), ["mine: delay"]]);
  });

  it("lets bulk wait as long as its own time allows", () => {
    expect(standing(1_800).verdict(90, 1_000, "bulk")).toBe("taken");
  });

  it("gives up those in it that have waited a little longer", () => {
    const { admission } = standing(1_800);
    const now = performance.now();
    expect([admission.hasWaitedTooLong(now - 115), admission.hasWaitedTooLong(now - 135)]).toEqual([false, true]);
    admission.left("single", 0);
    expect(admission.hasWaitedTooLong(now - 135)).toBe(false);
  });
});

describe("a call's turn of the event loop", () => {
  it("is refused as overloaded, and counted, where a crowd stands and it is among the oldest", async () => {
    const { admission, shed } = admissionOf();
    const turns = Array.from({ length: 200 }, () => admission.turn());
    expect(turns.filter((turn) => turn === undefined)).toHaveLength(32);
    const settled = Promise.allSettled(turns.map(async (turn) => turn));
    const later = performance.now() + 501;
    const clock = jest.spyOn(performance, "now").mockReturnValue(later);
    jest.runAllTimers(); // immediates are timers to it; the first turn may be a pause
    clock.mockRestore();
    const refused = (await settled).filter((each) => each.status === "rejected").map(({ reason }) => String(reason));
    expect(new Set(refused.map((text) => text.replace(/\d+ s/, "N s")))).toEqual(
      new Set([
        "Problem: More calls come in than this process can read. Try again in N s, or send fewer rows at once.",
      ]),
    );
    expect(shed).toEqual(refused.map(() => "mine: delay"));
  });
});

describe("bulk", () => {
  const WORK = 1_000; // rows that wait: some 110 ms of work

  it("is not taken where it is foreseen to come just in time", () => {
    const { verdict } = admissionOf({ bulk: WORK });
    expect([verdict(90, 130, "bulk"), verdict(90, 160, "bulk")]).toEqual([expect.stringMatching(/^overl/), "taken"]);
    expect(verdict(1, 130)).toBe("taken");
  });

  it("is refused sooner where it takes longer than is foreseen, as where another process calls the same sidecar", () => {
    const { admission, rows, verdict } = admissionOf({ bulk: WORK });
    const ends = (ms: number): void => {
      const foreseen = admission.foresee(90, "bulk");
      jest.advanceTimersByTime(ms);
      foreseen();
    };
    for (let i = 0; i < 30; i += 1) ends(480); // four times as long
    expect([verdict(90, 480, "bulk"), verdict(90, 650, "bulk")]).toEqual([expect.stringMatching(/^overl/), "taken"]);
    expect(verdict(1, 130)).toBe("taken");
    rows.bulk = 0;
    expect(verdict(90, 1, "bulk")).toBe("taken"); // nobody is before it
    rows.bulk = WORK;
    for (let i = 0; i < 30; i += 1) ends(100);
    expect(verdict(90, 160, "bulk")).toBe("taken");
  });

  it("that a machine's pause made late counts ten times what was foreseen, and single calls nothing", () => {
    const { admission, verdict } = admissionOf({ bulk: WORK });
    const [single, bulk] = [admission.foresee(1, "single"), admission.foresee(90, "bulk")];
    jest.advanceTimersByTime(3_600_000);
    single();
    expect(verdict(90, 160, "bulk")).toBe("taken");
    bulk();
    expect([verdict(90, 1_200, "bulk"), verdict(90, 1_600, "bulk")]).toEqual([
      expect.stringMatching(/^overl/),
      "taken",
    ]);
  });
});
