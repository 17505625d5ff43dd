import type { IncomingMessage, ServerResponse } from "node:http";

import type { Observer } from "../observer";
import { clientGone, Problem } from "../problems";
import type { Settings } from "../settings";
import { isLooking, tellAction } from "./audit";
import type { Door, Needs } from "./door";
import type { ApiKey } from "./keys/api-key";
import { type KeyRing, openKeyRing } from "./keys/key-ring";
import { checkScope, isFor, keyOf } from "./keys/presented-key";
import { type ControlScope, isControlScope } from "./keys/scopes";
import { callerAddress } from "./limits/caller-address";
import type { Counter } from "./limits/counter";
import { MemoryCounter } from "./limits/memory-counter";
import { type Caller, policyHeader, type RateLimits, rateLimits, type Verdict } from "./limits/rate-limits";
import { redisCounter } from "./limits/redis-counter";
import type { Log } from "./log";
import { refuseStrangers } from "./strangers";

/** A Door with what it keeps open. */
export interface KeptDoor extends Door {
  readonly reread: () => void;
  readonly stop: () => void;
}

interface Entered extends Caller {
  readonly response: ServerResponse;
  /** Empty where it is for no bundle. */
  readonly model: string;
  /** What it has left of both. */
  readonly left: { requests?: string; rows?: string };
  /** What it has taken. */
  rows: number;
  /** Some of it is, so that it is over. */
  isRefused?: true;
}

/** As the settings say it. @throws AccessError */
export function openDoor(settings: Settings, observer: Observer, log: Log): KeptDoor {
  return new OpenDoor(settings, observer, log);
}

class OpenDoor implements KeptDoor {
  readonly demandsKeys: boolean;
  readonly asksPredictions: boolean;
  readonly takeRows: Door["takeRows"];
  private readonly ring: KeyRing | undefined;
  private readonly counter: Counter;
  private readonly requests: RateLimits | undefined;
  private readonly addressOf: (request: IncomingMessage) => string;
  private readonly policy: string;
  private readonly counts: boolean;
  private readonly host: string;
  private readonly entered = new WeakMap<IncomingMessage, Entered>();

  constructor(
    {
      HOST: host,
      API_KEYS_FILE: file,
      RATE_LIMITS: limits,
      RATE_LIMIT_REDIS_URL: redisUrl,
      TRUSTED_PROXIES: proxies,
    }: Settings,
    private readonly observer: Observer,
    private readonly log: Log,
  ) {
    this.host = host;
    this.ring = file === "" ? undefined : openKeyRing(file, log);
    this.counter = redisUrl === "" ? new MemoryCounter() : redisCounter(redisUrl, log);
    this.requests = rateLimits(limits, "requests", this.counter);
    this.addressOf = callerAddress(proxies, log);
    this.policy = policyHeader(limits);
    this.counts = limits.length > 0;
    this.demandsKeys = this.ring !== undefined;
    this.asksPredictions = this.demandsKeys || this.counts;
    const rows = rateLimits(limits, "rows", this.counter);
    this.takeRows = rows && ((request, count) => this.countRows(rows, request, count));
  }

  enter(request: IncomingMessage, response: ServerResponse, needs: Needs): Promise<void> | undefined {
    if (needs === "open") return undefined;
    const found = this.ring && keyOf(request, this.ring.find);
    const key = found === undefined || found instanceof Problem ? undefined : found.id;
    const control = isControlScope(needs) ? needs : undefined;
    const isTold = this.counts || control !== undefined;
    const model = typeof needs === "object" ? needs.bundle : "";
    const caller: Entered = { address: isTold ? this.addressOf(request) : "", key, response, model, left: {}, rows: 0 };
    if (control && !isLooking(request)) {
      tellAction(this.log, request, response, caller);
      if (this.ring === undefined) refuseStrangers(request, this.host);
    }
    if (control && isNeverCounted(request, found, control)) return undefined;
    if (this.counts) this.entered.set(request, caller);
    const judge = (verdict: Verdict | undefined): void => {
      if (request.destroyed) throw clientGone(); // while the count was awaited
      if (verdict) this.heed(caller, "requests", verdict);
      if (found) this.checkKey(found, needs, model);
    };
    // counted before the key is judged, so that guessing is limited too
    const verdict = this.requests?.take(caller, 1);
    if (verdict instanceof Promise) return verdict.then(judge);
    judge(verdict);
    return undefined;
  }

  reread(): void {
    this.ring?.reread();
  }

  stop(): void {
    this.ring?.stop();
    this.counter.stop();
  }

  private async countRows(rows: RateLimits, request: IncomingMessage, count: number): Promise<void> {
    const caller = this.entered.get(request);
    if (!caller) return;
    const verdict = await rows.take(caller, count, caller.rows);
    caller.rows += count;
    if (verdict) this.heed(caller, "rows", verdict);
  }

  /** @throws Problem quota-exceeded */
  private heed(caller: Entered, of: "requests" | "rows", verdict: Verdict): void {
    const { response, model, left } = caller;
    left[of] = verdict.remaining;
    if (!response.headersSent) {
      response.setHeader("ratelimit-policy", this.policy);
      response.setHeader("ratelimit", Object.values(left).join(", "));
    }
    if (verdict.problem === undefined) return;
    if (caller.isRefused !== true) this.observer.shed(model, "rate"); // several of its pieces may be
    caller.isRefused = true;
    throw verdict.problem;
  }

  /** @throws Problem unauthorized or forbidden */
  private checkKey(found: ApiKey | Problem, needs: Needs, model: string): void {
    try {
      if (found instanceof Problem) throw found;
      checkScope(found, needs);
    } catch (error) {
      this.observer.shed(model, "key");
      throw error;
    }
  }
}

/**
 * Limits are for callers; whoever runs the server has to see and steer it, most of all while there is too much of them. Without
 * keys that is the counters alone, as health is.
 */
function isNeverCounted(request: IncomingMessage, found: ApiKey | Problem | undefined, needs: ControlScope): boolean {
  if (found === undefined) return needs === "control:metrics" && isLooking(request);
  return !(found instanceof Problem) && isFor(found, needs);
}
