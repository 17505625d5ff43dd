import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";

import { RetryAfter } from "../predict/retry-after";
import { unavailable } from "../predict/sidecar-client";
import { Problem } from "../problems";

/** What calls may take of each sidecar. */
export interface TurnLimits {
  /** Each is a connection, and so a file, of which the callers' calls must not take more than there are. */
  readonly atOnce: number;
  readonly waiting: number;
  /** From a call's arrival to its answer, but for the time in which its body comes. */
  readonly withinMs: number;
}

export const turnLimits: TurnLimits = { atOnce: 4, waiting: 64, withinMs: 10_000 };

/** A call that is to be passed on. */
export interface Call {
  readonly url: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** By performance.now(). */
  readonly arrived: number;
  readonly begin: (turn: Turn) => void;
  /** Its time is over, and it has no answer. */
  readonly late: (problem: Problem) => void;
}

interface Places {
  taken: number;
  readonly waiting: Set<Turn>;
}

/**
 * Few calls of a sidecar are under way at once, and some more wait for that, as they came. An agent's own queue has no end,
 * knows no time, and keeps those whose caller has gone.
 */
export class Turns {
  private readonly bySidecar = new Map<string, Places>();
  private readonly retryAfter = new RetryAfter();

  constructor(private readonly limits: TurnLimits) {}

  /** @throws Problem overloaded */
  take(call: Call): void {
    if (call.response.destroyed) return; // the caller has gone, and nothing would tell of that any more
    const { url } = call;
    const places = this.bySidecar.get(url) ?? { taken: 0, waiting: new Set() };
    if (places.waiting.size >= this.limits.waiting) throw tooMany(places.waiting.size, this.retryAfter.forRefused());
    this.retryAfter.noteTaken();
    this.bySidecar.set(url, places);
    const turn = new Turn(call, this.limits.withinMs, () => {
      if (!places.waiting.delete(turn)) places.taken -= 1;
      this.beginNext(places);
      if (places.taken === 0) this.bySidecar.delete(url);
    });
    places.waiting.add(turn);
    this.beginNext(places);
  }

  private beginNext(places: Places): void {
    const [next] = places.waiting;
    if (next === undefined || places.taken >= this.limits.atOnce) return;
    places.waiting.delete(next);
    places.taken += 1;
    next.begin();
  }
}

/** A call from its arrival until its caller has gone, or its sidecar has done with it. */
export class Turn {
  private timer: NodeJS.Timeout;
  private upstream: ClientRequest | undefined;
  private isOver = false;

  constructor(
    readonly call: Call,
    private readonly withinMs: number,
    private readonly leave: () => void,
  ) {
    this.timer = this.limitTo(this.msLeft());
    call.response.once("close", this.end);
  }

  begin(): void {
    const { request, begin } = this.call;
    clearTimeout(this.timer); // while the body comes, the caller is waited for: who is slow is looked at elsewhere
    const msLeft = this.msLeft();
    request.once("end", () => {
      if (!this.isOver) this.timer = this.limitTo(msLeft);
    });
    begin(this);
  }

  /** Neither the call nor what it is passed on by outlives the other. */
  isPassedOnBy(upstream: ClientRequest): void {
    this.upstream = upstream;
    if (this.isOver) upstream.destroy();
    else upstream.once("close", this.end);
  }

  private readonly end = (): void => {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.call.response.off("close", this.end);
    this.upstream?.destroy();
    this.leave();
  };

  private msLeft(): number {
    return this.call.arrived + this.withinMs - performance.now();
  }

  private limitTo(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      if (this.call.response.headersSent) return; // it is answered, and who does not read that is looked at elsewhere
      this.call.late(doesNotAnswer());
      this.end();
    }, ms);
  }
}

export const doesNotAnswer = (): Problem => unavailable("The sidecar does not answer.");

const tooMany = (waiting: number, seconds: number): Problem =>
  new Problem("overloaded", {
    detail: `${waiting} calls wait for this sidecar already. Try again in ${seconds} s.`,
    headers: { "retry-after": String(seconds) },
  });
