import { Redis } from "ioredis";
import CircuitBreaker from "opossum";

import type { Log } from "../log";
import type { Count, Counter, Verdicts } from "./counter";
import { MemoryCounter } from "./memory-counter";

/** All counts of a call in one go: whether they were added, then what each has come to, and the ms that its window lasts. */
const ADD_ALL = `
local added = 1
for i, name in ipairs(KEYS) do
  local total = tonumber(redis.call('GET', name) or '0')
  if total + ARGV[3 * i - 1] > tonumber(ARGV[3 * i]) then added = 0 end
end
local said = { added }
for i, name in ipairs(KEYS) do
  local total = added == 1 and redis.call('INCRBY', name, ARGV[3 * i - 1]) or tonumber(redis.call('GET', name) or '0')
  local left = redis.call('PTTL', name)
  if left < 0 then
    left = ARGV[3 * i - 2] * 1000
    if added == 1 then redis.call('PEXPIRE', name, left) end
  end
  said[2 * i] = total
  said[2 * i + 1] = left
end
return said
`;

/** A prediction waits no longer for a count. */
const ANSWER_WITHIN_MS = 10;
/** One that failed is asked again after this, by one call. */
const LEFT_ALONE_MS = 1_000;
const FAILURES_IN_A_ROW = 3;

type AddAll = (keys: number, ...given: (string | number)[]) => Promise<number[]>;

/** In Redis, for all processes together; in this one alone while Redis is away, hangs or is slow. */
export function redisCounter(url: string, log: Log, withinMs = ANSWER_WITHIN_MS): Counter {
  const redis = new Redis(url, {
    commandTimeout: withinMs,
    connectTimeout: LEFT_ALONE_MS,
    disconnectTimeout: 100, // at the end: nothing is owed to one that does not answer
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    keyPrefix: "picklepod:",
    retryStrategy: (tries) => Math.min(100 * tries, LEFT_ALONE_MS),
    scripts: { addAll: { lua: ADD_ALL } },
  });
  redis.on("error", () => undefined); // it is told below, once, and without the URL, which may hold a password
  const breaker = new CircuitBreaker((counts: readonly Count[]) => addAll(redis, counts), {
    timeout: false, // ioredis has one
    resetTimeout: LEFT_ALONE_MS,
    errorThresholdPercentage: 100, // a share of the last seconds' calls: the many that went well would outvote those that wait
  });
  let failures = 0;
  breaker.on("success", () => (failures = 0));
  breaker.on("failure", () => {
    failures += 1;
    if (failures >= FAILURES_IN_A_ROW && !breaker.opened) breaker.open();
  });
  const local = new MemoryCounter();
  breaker.fallback((counts: readonly Count[]) => local.add(counts));
  let isAway = false;
  breaker.on("open", () => {
    if (isAway) return; // it opens anew whenever one call has asked in vain
    isAway = true;
    log.warn(
      { store: "redis" },
      "Redis does not answer in time: calls are counted in this process alone until it does",
    );
  });
  breaker.on("close", () => {
    isAway = false;
    log.info({ store: "redis" }, "Redis answers again: calls are counted there");
  });
  return {
    add: (counts) => breaker.fire(counts),
    stop: () => {
      breaker.shutdown();
      redis.disconnect();
    },
  };
}

async function addAll(redis: Redis, counts: readonly Count[]): Promise<Verdicts> {
  const { addAll } = redis as Redis & { addAll: AddAll };
  const given = counts.flatMap(({ seconds, more, most }) => [seconds, more, most]);
  const [added, ...said] = await addAll.call(redis, counts.length, ...counts.map(({ name }) => name), ...given);
  const counted = counts.map((_, i) => ({ total: Number(said[2 * i]), endsInMs: Number(said[2 * i + 1]) }));
  return { added: added === 1, counted };
}
