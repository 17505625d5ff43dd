import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";

import { RetryAfter } from "../predict/retry-after";
import { unavailable } from "../predict/sidecar-failure";
import { Problem } from "../problems";

const MB = 1024 * 1024;

/** What calls may take of each sidecar. */
export interface TurnLimits {
  /** Each is a connection, and so a file, of which the callers' calls must not take more than there are. */
  readonly atOnce: number;
  readonly waiting: number;
  /** From when a call is there whole to its answer. */
  readonly withinMs: number;
  /** What the bodies hold of calls that are not over, of all sidecars together. One by itself is taken, whatever it is. */
  readonly bytes: number;
}

export const turnLimits: TurnLimits = { atOnce: 4, waiting: 64, withinMs: 10_000, bytes: 128 * MB };

/** A call that is to be passed on, and is there whole: whoever sends slowly would else keep a place from everybody. */
export interface Call {
  readonly url: string;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
  readonly begin: (turn: Turn) => void;
  /** It is not answered, and will not be. */
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
  private bytes = 0;

  constructor(private readonly limits: TurnLimits) {}

  /** @throws Problem overloaded */
  take(call: Call): void {
    if (call.response.destroyed) return; // the caller has gone, and nothing would tell of that any more
    const { url, body } = call;
    const places = this.bySidecar.get(url) ?? { taken: 0, waiting: new Set() };
    this.refuseMore(places, body.length);
    this.retryAfter.noteTaken();
    this.bySidecar.set(url, places);
    this.bytes += body.length;
    const turn = new Turn(call, this.limits.withinMs, () => {
      this.bytes -= body.length;
      if (!places.waiting.delete(turn)) places.taken -= 1;
      this.beginNext(places);
      if (places.taken === 0) this.bySidecar.delete(url);
    });
    places.waiting.add(turn);
    this.beginNext(places);
  }

  private refuseMore({ waiting }: Places, bytes: number): void {
    const { limits, retryAfter } = this;
    if (waiting.size >= limits.waiting)
      throw tooMany(`${waiting.size} calls wait for this sidecar already.`, retryAfter.forRefused());
    if (this.bytes > 0 && this.bytes + bytes > limits.bytes)
      throw tooMany("The bodies of the calls that wait for sidecars hold too much already.", retryAfter.forRefused());
  }

  private beginNext(places: Places): void {
    const [next] = places.waiting;
    if (next === undefined || places.taken >= this.limits.atOnce) return;
    places.waiting.delete(next);
    places.taken += 1;
    next.begin();
  }
}

/** A call from when it is there whole until its caller has gone, or its sidecar has done with it. */
export class Turn {
  private readonly timer: NodeJS.Timeout;
  private upstream: ClientRequest | undefined;
  private isOver = false;

  constructor(
    readonly call: Call,
    private readonly withinMs: number,
    private readonly leave: () => void,
  ) {
    this.timer = setTimeout(this.endLate, withinMs);
    call.response.once("close", this.end);
  }

  begin(): void {
    this.call.begin(this);
  }

  /** Neither the call nor what it is passed on by outlives the other, nor a sidecar's silence the time there is. */
  isPassedOnBy(upstream: ClientRequest): void {
    this.upstream = upstream;
    if (this.isOver) {
      upstream.destroy();
      return;
    }
    upstream.once("close", this.end).setTimeout(this.withinMs, () => upstream.destroy());
    if (this.call.body.length > 0) upstream.write(this.call.body); // the proxy ends it
  }

  private readonly end = (): void => {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.call.response.off("close", this.end);
    this.upstream?.destroy();
    this.leave();
  };

  private readonly endLate = (): void => {
    if (this.call.response.headersSent) return; // it is answered, and who does not read that is looked at elsewhere
    this.call.late(doesNotAnswer());
    this.end();
  };
}

export const doesNotAnswer = (): Problem => unavailable("The sidecar does not answer.");

const tooMany = (what: string, seconds: number): Problem =>
  new Problem("overloaded", {
    detail: `${what} Try again in ${seconds} s.`,
    headers: { "retry-after": String(seconds) },
  });
