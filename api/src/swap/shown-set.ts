import type { Log } from "../supervise/log";
import type { ServedSet } from "./served-set";

/** Every process that answers does so from the new set. */
export interface Shown {
  /** Resolves when all that had begun before is answered. */
  readonly drained: Promise<void>;
}

/** The one set that every process shows. */
export class ShownSet {
  private editing: Promise<unknown> = Promise.resolve();

  constructor(
    private set: ServedSet,
    private readonly show: (set: ServedSet) => Promise<Shown>,
    private readonly log: Log,
  ) {}

  get now(): ServedSet {
    return this.set;
  }

  /** One after the other, since each stands on the set before it. */
  edit(change: (set: ServedSet) => ServedSet): Promise<Shown> {
    const edited = this.editing.then(async () => {
      const after = change(this.set);
      try {
        const shown = await this.show(after);
        this.set = after;
        return shown;
      } catch (error) {
        await this.show(this.set).catch((err: unknown) => {
          this.log.error({ err }, "the bundles of before could not be shown again");
        });
        throw error;
      }
    });
    this.editing = edited.catch(() => undefined);
    return edited;
  }
}
