import type { IncomingMessage } from "node:http";

import type { RateLimit } from "../../access-settings";
import { callerAddress, countedAs } from "./caller-address";
import type { Counter } from "./counter";
import { MemoryCounter } from "./memory-counter";
import { policyHeader, rateLimits, type Verdict } from "./rate-limits";

describe("counts in memory", () => {
  let now = 0;
  beforeEach(() => (now = 1_000));
  const count = (name: string, more = 1, seconds = 10, most = 1_000) => ({ name, more, seconds, most });
  const totals = (counter: MemoryCounter, ...counts: ReturnType<typeof count>[]): number[] =>
    counter.add(counts).counted.map(({ total }) => total);

  it("go up within a window, and begin anew behind it", () => {
    const counter = new MemoryCounter(() => now);
    const counted = [0, 4_000, 5_999, 6_000, 6_001].map((ms) => {
      now = 1_000 + ms + (ms > 5_999 ? 4_000 : 0);
      return counter.add([count("a", 2)]).counted[0];
    });
    expect(counted).toEqual([
      { total: 2, endsInMs: 10_000 },
      { total: 4, endsInMs: 6_000 },
      { total: 6, endsInMs: 4_001 },
      { total: 2, endsInMs: 10_000 },
      { total: 4, endsInMs: 9_999 },
    ]);
  });

  it("are kept apart by name and by the window's length", () => {
    const counter = new MemoryCounter(() => now);
    counter.add([count("a", 5), count("b", 7), count("a", 9, 60)]);
    expect(totals(counter, count("a"), count("b"), count("a", 1, 60))).toEqual([6, 8, 10]);
  });

  it("take all of a call or nothing, and begin no window for nothing", () => {
    const counter = new MemoryCounter(() => now);
    expect(counter.add([count("a", 4, 10, 5), count("b", 4, 10, 3)])).toEqual({
      added: false,
      counted: [
        { total: 0, endsInMs: 10_000 },
        { total: 0, endsInMs: 10_000 },
      ],
    });
    now += 5_000;
    expect(counter.add([count("a", 5, 10, 5)])).toEqual({ added: true, counted: [{ total: 5, endsInMs: 10_000 }] });
    now += 9_999;
    expect(counter.add([count("a", 1, 10, 5)])).toEqual({ added: false, counted: [{ total: 5, endsInMs: 1 }] });
    now += 1;
    expect(counter.add([count("a", 1, 10, 5)])).toEqual({ added: true, counted: [{ total: 1, endsInMs: 10_000 }] });
  });

  it("take no more memory than so many callers, and forget the oldest first", () => {
    const counter = new MemoryCounter(() => now, 3);
    for (const name of ["a", "b", "c", "d"]) counter.add([count(name)]);
    expect(totals(counter, count("d"), count("c"), count("b"))).toEqual([2, 2, 2]);
    expect(totals(counter, count("a"))).toEqual([1]);
  });

  it("do not heed the time of day", () => {
    const clock = jest.spyOn(Date, "now");
    try {
      const counter = new MemoryCounter();
      counter.add([count("a")]);
      clock.mockReturnValue(Date.UTC(2100, 0));
      expect(totals(counter, count("a"))).toEqual([2]);
    } finally {
      clock.mockRestore();
    }
  });
});

describe("limits", () => {
  const limit = (who: RateLimit["who"], what: RateLimit["what"], most: number): RateLimit => ({
    ...{ who, what, most, seconds: 60 },
  });
  const asked = { address: "192.0.2.1", key: "shop" };
  const take = (limits: ReturnType<typeof rateLimits>, weight = 1, caller = asked): Verdict =>
    limits?.take(caller, weight) as Verdict;

  it("say what is left of each, and what they are", () => {
    const both = [limit("key", "requests", 2), limit("address", "requests", 100), limit("key", "rows", 50)];
    const requests = rateLimits(both, "requests", new MemoryCounter());
    expect(policyHeader(both)).toBe(
      '"key-requests-60s";q=2;w=60, "address-requests-60s";q=100;w=60, "key-rows-60s";q=50;w=60',
    );
    expect(take(requests).remaining).toBe('"key-requests-60s";r=1;t=60, "address-requests-60s";r=99;t=60');
    expect(rateLimits([], "requests", new MemoryCounter())).toBeUndefined();
    expect(rateLimits(both.slice(0, 2), "rows", new MemoryCounter())).toBeUndefined();
  });

  it("refuse what goes beyond, until the window is over, with the policy that was violated", () => {
    let now = 0;
    const limits = rateLimits([limit("key", "requests", 2)], "requests", new MemoryCounter(() => now));
    expect([take(limits), take(limits)].map(({ problem }) => problem)).toEqual([undefined, undefined]);
    now = 30_000;
    const { remaining, problem } = take(limits);
    expect({ remaining, name: problem?.problemName, status: problem?.status, ...problem?.members.more }).toEqual({
      ...{ remaining: '"key-requests-60s";r=0;t=30', name: "quota-exceeded", status: 429 },
      "violated-policies": ["key-requests-60s"],
    });
    now = 60_000;
    expect(take(limits).problem).toBeUndefined();
  });

  it("send nobody back before the window is over, nor all at the same second", () => {
    const limits = rateLimits([limit("address", "requests", 1)], "requests", new MemoryCounter(() => 0));
    take(limits);
    const told = Array.from({ length: 200 }, () => Number(take(limits).problem?.members.headers?.["retry-after"]));
    expect(Math.min(...told)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...told)).toBeLessThanOrEqual(66);
    expect(new Set(told).size).toBeGreaterThan(3);
  });

  it("for keys alone say nothing to who has none, and ask no counter", () => {
    const counter = { add: jest.fn(), stop: jest.fn() };
    const limits = rateLimits([limit("key", "requests", 1)], "requests", counter);
    expect(limits?.take({ ...asked, key: undefined }, 1)).toBeUndefined();
    expect(counter.add).not.toHaveBeenCalled();
  });

  it("count each key and each address for itself; who has no key is counted by address alone", () => {
    const limits = rateLimits([limit("key", "requests", 1), limit("address", "requests", 3)], "requests", new MemoryCounter()); // prettier-ignore
    const verdicts = [
      { ...asked, key: "a" },
      { ...asked, key: "b" },
      { ...asked, key: undefined },
      { ...asked, key: undefined },
      { address: "192.0.2.2", key: "b" },
    ].map((caller) => limits?.take(caller, 1) as Verdict);
    expect(verdicts.map(({ problem }) => problem?.members.more?.["violated-policies"])).toEqual([
      ...[undefined, undefined, undefined],
      ["address-requests-60s"],
      ["key-requests-60s"],
    ]);
  });

  it("do not count rows that are refused: fewer may still be asked for", () => {
    const limits = rateLimits([limit("key", "rows", 10)], "rows", new MemoryCounter());
    expect(take(limits, 6).remaining).toBe('"key-rows-60s";r=4;t=60');
    expect(take(limits, 5).problem?.status).toBe(429);
    expect(take(limits, 4)).toEqual({ remaining: '"key-rows-60s";r=0;t=60', problem: undefined });
    expect(take(limits, 1).problem?.status).toBe(429);
  });

  it("tell a call of more rows than are ever allowed so", () => {
    const limits = rateLimits([limit("key", "rows", 10)], "rows", new MemoryCounter());
    expect(take(limits, 11).problem?.message).toContain(
      "This call alone has 11 rows or more: send at most 10 in a call.",
    );
  });

  it("tell so too where the call is counted piece by piece", () => {
    const limits = rateLimits([limit("key", "rows", 10)], "rows", new MemoryCounter());
    expect(limits?.take(asked, 6)).toMatchObject({ problem: undefined });
    expect(limits?.take(asked, 6, 6)).toMatchObject({
      problem: {
        message: expect.stringContaining("This call alone has 12 rows or more: send at most 10 in a call.") as string,
      },
    });
  });

  it("may be asked somewhere else, and are then awaited", async () => {
    const elsewhere: Counter = {
      add: () => Promise.resolve({ added: false, counted: [{ total: 2, endsInMs: 500 }] }),
      stop: () => undefined,
    };
    const limits = rateLimits([limit("key", "requests", 2)], "requests", elsewhere);
    const { problem, remaining } = await (limits?.take(asked, 1) ?? Promise.reject(new Error("no limits")));
    expect([problem?.status, remaining]).toEqual([429, '"key-requests-60s";r=0;t=1']);
  });
});

describe("where a call comes from", () => {
  let told: object[];
  beforeEach(() => (told = []));
  const silent = (): void => undefined;
  const log = { info: silent, warn: (fields: object) => void told.push(fields), error: silent };
  const call = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
    ({
      ...{ socket: { remoteAddress }, connection: { remoteAddress } },
      headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
    }) as unknown as IncomingMessage;

  it.each([
    [[], "198.51.100.7", "1.2.3.4", "198.51.100.7"],
    [["127.0.0.1"], "127.0.0.1", "1.2.3.4", "1.2.3.4"],
    [["127.0.0.1"], "127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"],
    [["loopback", "10.0.0.0/8"], "::1", "6.6.6.6, 1.2.3.4, 10.1.2.3", "1.2.3.4"],
    [["127.0.0.1"], "198.51.100.7", "1.2.3.4", "198.51.100.7"],
    [["127.0.0.1"], "127.0.0.1", undefined, "127.0.0.1"],
    [["127.0.0.1"], "127.0.0.1", "1.2.3.4:5678", "1.2.3.4"],
    [["127.0.0.1"], "127.0.0.1", "[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"],
    [["127.0.0.1"], "127.0.0.1", "[2001:db8:1:2::1]", "2001:db8:1:2::/64"],
    [["127.0.0.1"], "127.0.0.1", "[::ffff:1.2.3.4]:80", "1.2.3.4"],
    [["127.0.0.1"], "127.0.0.1", "2001:db8:1:2::1", "2001:db8:1:2::/64"],
    [["loopback", "10.0.0.0/8"], "::1", "6.6.6.6, 1.2.3.4:5678, 10.1.2.3:443", "1.2.3.4"],
  ])("trusting %j: from %s for %s is %s", (trusted, remote, forwarded, is) => {
    expect(callerAddress(trusted, log)(call(remote, forwarded))).toBe(is);
    expect(told).toEqual([]);
  });

  it("is the nearest proxy where that tells no address, which is told once", () => {
    const addressOf = callerAddress(["127.0.0.1", "10.0.0.0/8"], log);
    const calls = ["unknown", "6.6.6.6, _hidden", "6.6.6.6, _hidden, 10.1.2.3", "1.2.3.4.5:6, 10.1.2.4:80"];
    expect(calls.map((forwarded) => addressOf(call("127.0.0.1", forwarded)))).toEqual([
      ...["127.0.0.1", "127.0.0.1"],
      ...["10.1.2.3", "10.1.2.4"],
    ]);
    expect(told).toEqual([{ entry: "unknown", proxy: "127.0.0.1" }]);
  });

  it("is unknown where the connection has gone, which is no proxy's doing", () => {
    const addresses = [[], ["127.0.0.1"]].map((trusted) => callerAddress(trusted, log)(call(undefined)));
    expect([addresses, told]).toEqual([["unknown", "unknown"], []]);
  });

  it.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    [undefined, "unknown"],
  ])("%s is counted as %s", (address, as) => {
    expect(countedAs(address)).toBe(as);
  });
});
