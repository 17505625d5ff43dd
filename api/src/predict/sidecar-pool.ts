import type { SidecarClient } from "./sidecar-client";
import { unavailable } from "./sidecar-failure";

interface Member {
  readonly client: SidecarClient;
  calls: number;
}

/** The sidecars that have proved a bundle: whichever has the least to do answers. */
export class SidecarPool implements Pick<SidecarClient, "infer"> {
  private readonly members: Member[] = [];

  /** How many calls can be computed at once. */
  get size(): number {
    return this.members.length;
  }

  add(client: SidecarClient): void {
    this.members.push({ client, calls: 0 });
  }

  remove(client: SidecarClient): void {
    const place = this.members.findIndex((member) => member.client === client);
    if (place >= 0) this.members.splice(place, 1);
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
    }
  };

  /** One that fails at once always has little to do: it gets nothing but its breaker's probes. */
  private leastBusy(): Member | undefined {
    const well = this.members.filter(({ client }) => !client.isLeftAlone());
    const [first, ...others] = well.length > 0 ? well : this.members;
    return others.reduce((least, member) => (least && member.calls >= least.calls ? least : member), first);
  }
}
