import { Agent } from "node:http";

import { type AxiosInstance, isAxiosError, isCancel } from "axios";

import type { Pinned } from "../bundle/description";
import { BundleError } from "../bundle/finding";
import { type Bundle, finalDescription } from "../bundle/read-bundles";
import { type SidecarMetadata, sidecarMetadataSchema } from "../bundle/sidecar-metadata";
import type { Observer } from "../observer";
import type { Availability } from "../predict/model";
import { createSidecarClient, type SidecarClient } from "../predict/sidecar-client";
import { createSidecarHttp } from "./sidecar-http";

export type NotReady = Exclude<Availability, { state: "ready" }>;

/** A sidecar that has proved the bundle, and the way to call it: the same object as long as it is the same process. */
export interface SidecarReady {
  readonly state: "ready";
  readonly client: SidecarClient;
  readonly description: Pinned;
  readonly sidecar: SidecarMetadata;
}

export interface FollowOptions {
  readonly url: string;
  /** Its number among the bundle's sidecars. */
  readonly number: number;
  readonly observer: Observer;
  readonly bundle: Bundle;
  readonly stateFolder: string;
  /** What the sidecar knows us by. */
  readonly token?: string | undefined;
  /** Something else started it, and is to end it. */
  readonly isElsewhere: boolean;
  /** The longest that any caller waits for one call. */
  readonly longestCallMs: number;
  readonly onHeard: (heard: SidecarReady | NotReady) => void;
  readonly frozenAfterMs?: number;
}

/** A model that is not ready, or may not be, is asked often: the answer is what its callers wait for. */
const ASK_EVERY_MS = { ready: 500, other: 100 };
const ANSWER_WITHIN_MS = 1_000;
const LOST_AFTER_FAILURES = 2;
/** One of our own that serves has been ended before, unless it computes. */
const FROZEN_AFTER_MS = 20_000;
const SILENT = "is there and has answered nothing for a while: it is frozen, or computes without end";
const REMEDY = {
  own: "It is ended, and started again, where that lasts",
  elsewhere: "Whatever started it should end it and start it again",
};

const DOING = {
  training: "its artifacts are being trained, which is done once",
  loading: "its artifacts are being loaded",
  proving: "it is proving that it reproduces its samples",
};

/** Asks one address, again and again, until it is stopped. */
export class Following {
  private readonly agent = new Agent({ keepAlive: true, timeout: 4_000 });
  private readonly http: AxiosInstance;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;
  private answeredAt = performance.now();
  private isReady = false;
  private served: SidecarReady | undefined;

  constructor(private readonly options: FollowOptions) {
    this.http = createSidecarHttp(options.url, this.agent, options.token);
    this.ask();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.agent.destroy();
    this.served?.client.close();
  }

  private ask(): void {
    void this.askOnce().finally(() => {
      if (this.stopped) return;
      const isWell = this.isReady && this.failures === 0;
      this.timer = setTimeout(
        () => {
          this.ask();
        },
        isWell ? ASK_EVERY_MS.ready : ASK_EVERY_MS.other,
      );
    });
  }

  private async askOnce(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const { status, data } = await this.http.get<Buffer>(`/v2/models/${this.options.bundle.name}`, { signal });
      const metadata = metadataOf(status, data.toString());
      this.failures = 0;
      this.answeredAt = performance.now();
      this.tellUsed(metadata);
      if (!this.stopped) this.tell(this.heard(metadata));
    } catch (error) {
      this.failures += 1;
      const refused = isAxiosError(error) && error.code === "ECONNREFUSED";
      if (this.stopped || (!refused && this.failures < LOST_AFTER_FAILURES)) return;
      const isFrozen =
        isCancel(error) && performance.now() - this.answeredAt > (this.options.frozenAfterMs ?? FROZEN_AFTER_MS);
      if (isFrozen) this.tell(this.lost(SILENT));
      else
        this.tell({
          state: "unreachable",
          reason: `its sidecar does not answer as agreed (${(error as Error).message})`,
        });
    }
  }

  private tellUsed({ process: used }: SidecarMetadata): void {
    const { url, number, bundle, observer } = this.options;
    if (used)
      observer.measured(bundle.name, number, { url, cpuSeconds: used.cpu_seconds, memoryBytes: used.memory_bytes });
  }

  private tell(heard: SidecarReady | NotReady): void {
    this.isReady = heard.state === "ready";
    this.options.onHeard(heard);
  }

  /** Nothing more comes of the sidecar as it is. */
  private lost(what: string): NotReady {
    const { url, isElsewhere } = this.options;
    const which = isElsewhere ? `its sidecar at ${url}` : "its sidecar";
    return { state: "unreachable", reason: `${which} ${what}. ${isElsewhere ? REMEDY.elsewhere : REMEDY.own}` };
  }

  private heard(metadata: SidecarMetadata): SidecarReady | NotReady {
    const { state } = metadata;
    const reason = metadata.reason ?? undefined;
    if (state === "failed") return { state, reason: reason ?? "its sidecar gives no reason" };
    if (state === "stuck") return this.lost(`is stuck: ${reason ?? "a call does not end"}`);
    if (state !== "ready") return { state, reason: reason ?? DOING[state] };
    try {
      return this.ready(metadata);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      return { state: "failed", reason: error.message };
    }
  }

  private ready(sidecar: SidecarMetadata): SidecarReady | NotReady {
    const { bundle, stateFolder } = this.options;
    const description = this.served?.description ?? finalDescription(bundle, stateFolder);
    if (sidecar.digest !== description.digest) {
      const reason = `its sidecar has another bundle (digest ${String(sidecar.digest)}): start both from the same folder`;
      return { state: "failed", reason };
    }
    if (this.served && !this.isReady) this.served.client.recovered();
    this.served ??= { state: "ready", client: this.client(description), description, sidecar };
    return this.served;
  }

  private client(description: Pinned): SidecarClient {
    const { url, number, observer, token, longestCallMs } = this.options;
    const { name } = description;
    return createSidecarClient(url, description, {
      token,
      longestCallMs,
      onBreaker: (state) => {
        observer.breaker(name, number, state);
      },
      onFailure: (failure) => {
        observer.callFailed(name, failure);
      },
    });
  }
}

/** @throws Error whose message callers will read */
function metadataOf(status: number, text: string): SidecarMetadata {
  if (status !== 200) throw new Error(`${status}: ${text.slice(0, 200)}`);
  const parsed = sidecarMetadataSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`it says nothing of ${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}`);
}
