import { noObserver, type Observer } from "../observer";
import type { Availability, Model } from "../predict/model";
import { createPredictor } from "../predict/predictor";
import { SidecarPool } from "../predict/sidecar-pool";
import { Following, type NotReady, type SidecarReady } from "./follow-sidecar";

export interface WatchOptions {
  readonly stateFolder: string;
  readonly maxRowsWaiting: number;
  /** What the sidecars know us by. */
  readonly token?: string | undefined;
  /** Something else started them, and is to end them. */
  readonly areElsewhere: boolean;
  /** The longest that any caller waits for one call. */
  readonly longestCallMs: number;
  readonly onChange: (model: Model) => void;
  readonly observer?: Observer;
}

export type LostState = "preparing" | "starting" | "unreachable" | "failed";

/** Follows the sidecars of one model, each by its number, and keeps the model's availability true to what it sees. */
export interface SidecarsWatch {
  /** The sidecar is, from now on, at this address. */
  readonly follow: (url: string, number: number) => void;
  /** There is none of this number for now. */
  readonly lose: (state: LostState, reason: string, number: number) => void;
  readonly stop: () => void;
}

/** What callers are told where none is ready: of the one that is nearest to it. */
const NEAREST_FIRST: readonly NotReady["state"][] = [
  ...(["proving", "loading", "training", "starting", "preparing", "unreachable", "failed"] as const),
];

type Ready = Extract<Availability, { state: "ready" }>;

export function watchSidecars(model: Model, options: WatchOptions): SidecarsWatch {
  const { bundle } = model;
  const followings = new Map<number, Following>();
  const heard = new Map<number, SidecarReady | NotReady>();
  const { observer = noObserver, stateFolder, token, areElsewhere: isElsewhere, longestCallMs } = options;
  const served = new Served(options.maxRowsWaiting, observer);
  const tell = (): void => {
    const before = model.availability;
    model.availability = served.ready ?? nearest([...heard.values()]) ?? before;
    const { availability: now } = model;
    if (before.state !== now.state || reasonOf(before) !== reasonOf(now)) options.onChange(model);
  };
  const hear = (number: number, news: SidecarReady | NotReady): void => {
    heard.set(number, served.replace(heard.get(number), news));
    tell();
  };
  const stop = (number: number): void => {
    followings.get(number)?.stop();
    followings.delete(number);
  };
  return {
    follow: (url, number) => {
      stop(number);
      const onHeard = (news: SidecarReady | NotReady): void => {
        hear(number, news);
      };
      followings.set(
        number,
        new Following({
          ...{ url, number, token, isElsewhere, longestCallMs, stateFolder, observer, onHeard },
          bundle,
        }),
      );
    },
    lose: (state, reason, number) => {
      stop(number);
      hear(number, { state, reason });
    },
    stop: () => {
      for (const number of [...followings.keys()]) stop(number);
    },
  };
}

const reasonOf = (availability: Availability): string => ("reason" in availability ? availability.reason : "");

function nearest(heard: readonly (SidecarReady | NotReady)[]): NotReady | undefined {
  const rank = (one: NotReady): number => NEAREST_FIRST.indexOf(one.state);
  return heard.filter((one): one is NotReady => one.state !== "ready").toSorted((a, b) => rank(a) - rank(b))[0];
}

/** The sidecars that are ready, and the one queue before them all. */
class Served {
  private pool = new SidecarPool();
  private readonly members = new Set<SidecarReady>();
  private first: Ready | undefined;

  constructor(
    private readonly maxRowsWaiting: number,
    private readonly observer: Observer,
  ) {}

  get ready(): Ready | undefined {
    const [member] = this.members;
    return member && this.first && { ...this.first, sidecar: member.sidecar };
  }

  /** What is to be believed of the news. */
  replace(before: SidecarReady | NotReady | undefined, news: SidecarReady | NotReady): SidecarReady | NotReady {
    if (before === news) return news;
    if (before?.state === "ready") this.remove(before);
    return news.state === "ready" ? this.add(news) : news;
  }

  private add(one: SidecarReady): SidecarReady | NotReady {
    const { description, sidecar } = one;
    const known = this.first?.description.digest;
    if (this.members.size > 0 && known !== description.digest) {
      const reason = `its sidecars have different bundles (digests ${known ?? ""} and ${description.digest}): start them anew`;
      return { state: "failed", reason };
    }
    if (this.first === undefined || known !== description.digest) {
      this.pool = new SidecarPool(); // what waits for the bundle of before is not for the sidecars of this one
      const predictor = createPredictor(this.pool, description, this.maxRowsWaiting, this.observer);
      this.first = { state: "ready", description, predictor, sidecar };
    }
    this.members.add(one);
    this.pool.add(one.client);
    return one;
  }

  private remove(one: SidecarReady): void {
    this.members.delete(one);
    this.pool.remove(one.client);
  }
}
