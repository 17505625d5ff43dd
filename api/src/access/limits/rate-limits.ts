import type { RateLimit } from "../../access-settings";
import { Problem } from "../../problems";
import type { Count, Counter, Verdicts } from "./counter";

/** Whose calls are counted. */
export interface Caller {
  readonly address: string;
  /** Where callers have keys. */
  readonly key: string | undefined;
}

/** What the caller has left, as `RateLimit` says it, and the refusal where it is over. */
export interface Verdict {
  readonly remaining: string;
  readonly problem: Problem | undefined;
}

export interface RateLimits {
  readonly what: RateLimit["what"];
  /** Undefined where no limit is for this caller. `before`: what the same call has taken already, where it is counted piece by piece. */
  readonly take: (caller: Caller, weight: number, before?: number) => Verdict | undefined | Promise<Verdict>;
}

interface Policy extends RateLimit {
  readonly name: string;
}

const policyOf = (limit: RateLimit): Policy => ({ ...limit, name: `${limit.who}-${limit.what}-${limit.seconds}s` });

/** `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-11. */
export const policyHeader = (limits: readonly RateLimit[]): string =>
  limits
    .map(policyOf)
    .map(({ name, most, seconds }) => `"${name}";q=${most};w=${seconds}`)
    .join(", ");

/** Of requests, or of rows; undefined where nothing limits them. */
export function rateLimits(
  limits: readonly RateLimit[],
  what: RateLimit["what"],
  counter: Counter,
): RateLimits | undefined {
  const policies = limits.filter((limit) => limit.what === what).map(policyOf);
  if (policies.length === 0) return undefined;
  return {
    what,
    take: (caller, weight, before = 0) => {
      const of = policies.filter(({ who }) => who === "address" || caller.key !== undefined);
      if (of.length === 0) return undefined; // limits are for keys, and it came with none
      const judged = (verdicts: Verdicts): Verdict => judge(of, verdicts, weight, before);
      const verdicts = counter.add(of.map((policy) => countOf(policy, caller, weight)));
      return verdicts instanceof Promise ? verdicts.then(judged) : judged(verdicts);
    },
  };
}

const countOf = ({ name, who, seconds, most }: Policy, { address, key = "" }: Caller, more: number): Count => ({
  name: `${name}:${who === "key" ? key : address}`,
  seconds,
  more,
  most,
});

/** What is refused is not counted: who asked for too many rows at once may still have fewer. */
function judge(policies: readonly Policy[], { added, counted }: Verdicts, weight: number, before: number): Verdict {
  const seen = policies.map((policy, i) => ({ policy, ...(counted[i] ?? { total: 0, endsInMs: 0 }) }));
  const remaining = seen
    .map(({ policy, total, endsInMs }) => {
      const left = Math.max(0, policy.most - total);
      return `"${policy.name}";r=${left};t=${Math.ceil(endsInMs / 1000)}`;
    })
    .join(", ");
  if (added) return { remaining, problem: undefined };
  const over = seen.filter(({ policy, total }) => total + weight > policy.most);
  return { remaining, problem: quotaExceeded(over, before + weight) };
}

type Over = readonly { readonly policy: Policy; readonly endsInMs: number }[];

/** Those who were told the same second would all be back in it. */
const JITTER = 0.1;

function quotaExceeded(over: Over, asked: number): Problem {
  const violated = over.map(({ policy }) => policy);
  const endsInSeconds = Math.ceil(Math.max(...over.map(({ endsInMs }) => endsInMs)) / 1000);
  const spread = Math.ceil(Math.max(...violated.map(({ seconds }) => seconds)) * JITTER);
  const texts = violated.map(({ who, what, most, seconds }) => `${most} ${what} in ${seconds} s for each ${who}`);
  const never = violated.filter(({ most }) => asked > most).map(({ most }) => most);
  const remedy =
    never.length > 0
      ? `This call alone has ${asked} rows or more: send at most ${Math.min(...never)} in a call.`
      : "Wait as long as Retry-After says, or ask whoever runs this server for more.";
  return new Problem("quota-exceeded", {
    detail: `More was asked for than may be: ${texts.join(", and ")}. ${remedy}`,
    headers: { "retry-after": String(endsInSeconds + Math.floor(Math.random() * (spread + 1))) },
    more: { "violated-policies": violated.map(({ name }) => name) },
  });
}
