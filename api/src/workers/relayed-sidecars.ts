import type { Bundle } from "../bundle/read-bundles";
import type { SidecarEvents, StartSidecars } from "../pod";
import type { SidecarNews } from "./messages";

/** In a worker: the primary keeps the sidecars, and says where they are and how they fare. */
export class RelayedSidecars {
  /** The last of each sidecar's, which may come before its bundle does. */
  private readonly news = new Map<number, Map<number, SidecarNews>>();
  private readonly followed = new Map<number, { bundle: Bundle; events: SidecarEvents }>();

  constructor(private readonly idOf: (bundle: Bundle) => number) {}

  hear(news: SidecarNews): void {
    const ofBundle = this.news.get(news.bundle) ?? new Map<number, SidecarNews>();
    if (isSame(ofBundle.get(news.number), news)) return;
    this.news.set(news.bundle, ofBundle);
    // Where a sidecar is, and its last state, is all that has to be known of it.
    if (news.kind === "listening" || news.state.kind !== "running") ofBundle.set(news.number, news);
    this.pass(news);
  }

  readonly start: StartSidecars = (bundles, events) => {
    for (const bundle of bundles) {
      const id = this.idOf(bundle);
      this.followed.set(id, { bundle, events });
      for (const news of this.news.get(id)?.values() ?? []) this.pass(news);
    }
    const release = (bundle: Bundle): Promise<void> => {
      // a set that is shown again brings its bundles anew: the news is theirs by now
      if (this.followed.get(this.idOf(bundle))?.bundle !== bundle) return Promise.resolve();
      this.followed.delete(this.idOf(bundle));
      this.news.delete(this.idOf(bundle));
      return Promise.resolve();
    };
    return { release, stop: () => Promise.all(bundles.map(release)).then(() => undefined) };
  };

  private pass(news: SidecarNews): void {
    const follower = this.followed.get(news.bundle);
    if (!follower) return;
    const { bundle, events } = follower;
    if (news.kind === "listening") events.onListening(bundle, news.url, news.number);
    else events.onState(bundle, news.state, news.number);
  }
}

/** What all are told again, some know already. */
const isSame = (known: SidecarNews | undefined, news: SidecarNews): boolean =>
  known?.kind === "listening" && news.kind === "listening" && known.url === news.url;
