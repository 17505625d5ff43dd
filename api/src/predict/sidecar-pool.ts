import type { SidecarClient } from "./sidecar-client";
import { unavailable } from "./sidecar-failure";

interface Member {
  readonly client: SidecarClient;
  calls: number;
  isGone: boolean;
}

/** The sidecars that have proved a bundle: whichever has the least to do answers. */
export class SidecarPool implements Pick<SidecarClient, "infer"> {
  private readonly members: Member[] = [];
  private callsOfGone = 0;

  /**
   * How many calls may be under way at once: one for each, beside those of what is there no more. Behind a connection that
   * has died without a word, such a call ends with its own time only, and until then it would hold the place of those that
   * the sidecar, seen well again, could compute.
   */
  get places(): number {
    return this.members.length + this.callsOfGone;
  }

  add(client: SidecarClient): void {
    this.members.push({ client, calls: 0, isGone: false });
  }

  remove(client: SidecarClient): void {
    const place = this.members.findIndex((member) => member.client === client);
    const [member] = place < 0 ? [] : this.members.splice(place, 1);
    if (member === undefined) return;
    member.isGone = true;
    this.callsOfGone += member.calls;
  }

  /** None of them would be let through to: there is no use in waiting. */
  readonly areLeftAlone = (): boolean =>
    this.members.length > 0 && this.members.every(({ client }) => client.isLeftAlone());

  readonly infer: SidecarClient["infer"] = async (columns, timeoutMs) => {
    const member = this.leastBusy();
    if (member === undefined) throw unavailable("The sidecar is not there; it is being started again.");
    member.calls += 1;
    try {
      return await member.client.infer(columns, timeoutMs);
    } finally {
      member.calls -= 1;
      if (member.isGone) this.callsOfGone -= 1;
    }
  };

  /** One that fails at once always has little to do: it gets nothing but its breaker's probes. */
  private leastBusy(): Member | undefined {
    const well = this.members.filter(({ client }) => !client.isLeftAlone());
    const [first, ...others] = well.length > 0 ? well : this.members;
    return others.reduce((least, member) => (least && member.calls >= least.calls ? least : member), first);
  }
}
