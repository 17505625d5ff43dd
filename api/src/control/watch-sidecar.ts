import { Agent } from "node:http";

import { type AxiosInstance, isAxiosError } from "axios";

import { BundleError } from "../bundle/finding";
import { finalDescription } from "../bundle/read-bundles";
import { type SidecarMetadata, sidecarMetadataSchema } from "../bundle/sidecar-metadata";
import type { Availability, Model } from "../predict/model";
import { createPredictor } from "../predict/predictor";
import { createSidecarClient, type SidecarClient } from "../predict/sidecar-client";
import { createSidecarHttp } from "../predict/sidecar-http";

export interface WatchOptions {
  readonly stateFolder: string;
  readonly maxRowsWaiting: number;
  readonly onChange: (model: Model) => void;
}

/** Follows one model's sidecar and keeps the model's availability true to what it sees. */
export interface SidecarWatch {
  /** The sidecar is, from now on, at this address. */
  readonly follow: (url: string) => void;
  /** There is none for now. */
  readonly lose: (state: "preparing" | "starting" | "unreachable" | "failed", reason: string) => void;
  readonly stop: () => void;
}

/** A model that is not ready, or may not be, is asked often: the answer is what its callers wait for. */
const ASK_EVERY_MS = { ready: 500, other: 100 };
const ANSWER_WITHIN_MS = 1_000;
const LOST_AFTER_FAILURES = 2;

export function watchSidecar(model: Model, options: WatchOptions): SidecarWatch {
  let following: Following | undefined;
  const setAvailability = (availability: Availability): void => {
    const before = model.availability;
    model.availability = availability;
    const same = before.state === availability.state && reasonOf(before) === reasonOf(availability);
    if (!same) options.onChange(model);
  };
  const stop = (): void => {
    following?.stop();
    following = undefined;
  };
  return {
    follow: (url) => {
      stop();
      following = new Following(url, model, options, setAvailability);
      following.ask();
    },
    lose: (state, reason) => {
      stop();
      setAvailability({ state, reason });
    },
    stop,
  };
}

const DOING = {
  training: "its artifacts are being trained, which is done once",
  loading: "its artifacts are being loaded",
  proving: "it is proving that it reproduces its samples",
};

const reasonOf = (availability: Availability): string => ("reason" in availability ? availability.reason : "");

type Ready = Extract<Availability, { state: "ready" }>;

/** Asks one address, again and again, until it is stopped. */
class Following {
  private readonly agent = new Agent({ keepAlive: true, timeout: 4_000 });
  private readonly http: AxiosInstance;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;
  private served: { client: SidecarClient; ready: Ready } | undefined;

  constructor(
    private readonly url: string,
    private readonly model: Model,
    private readonly options: WatchOptions,
    private readonly setAvailability: (availability: Availability) => void,
  ) {
    this.http = createSidecarHttp(url, this.agent);
  }

  ask(): void {
    void this.askOnce().finally(() => {
      if (this.stopped) return;
      const isWell = this.model.availability.state === "ready" && this.failures === 0;
      const pause = isWell ? ASK_EVERY_MS.ready : ASK_EVERY_MS.other;
      this.timer = setTimeout(() => {
        this.ask();
      }, pause);
    });
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.agent.destroy();
    this.served?.client.close();
  }

  private async askOnce(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const { status, data } = await this.http.get<Buffer>(`/v2/models/${this.model.bundle.name}`, { signal });
      const metadata = metadataOf(status, data.toString());
      this.failures = 0;
      if (!this.stopped) this.setAvailability(this.heard(metadata));
    } catch (error) {
      this.failures += 1;
      const refused = isAxiosError(error) && error.code === "ECONNREFUSED";
      if (this.stopped || (!refused && this.failures < LOST_AFTER_FAILURES)) return;
      this.setAvailability({
        state: "unreachable",
        reason: `its sidecar does not answer as agreed (${(error as Error).message})`,
      });
    }
  }

  private heard(metadata: SidecarMetadata): Availability {
    const { state, reason } = metadata;
    if (state === "failed") return { state, reason: reason ?? "its sidecar gives no reason" };
    if (state !== "ready") return { state, reason: reason ?? DOING[state] };
    try {
      return this.ready(metadata);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      return { state: "failed", reason: error.message };
    }
  }

  private ready(sidecar: SidecarMetadata): Availability {
    const description = this.served?.ready.description ?? finalDescription(this.model.bundle, this.options.stateFolder);
    if (sidecar.digest !== description.digest) {
      const reason = `its sidecar has another bundle (digest ${String(sidecar.digest)}): start both from the same folder`;
      return { state: "failed", reason };
    }
    if (this.served === undefined) {
      const client = createSidecarClient(this.url, description);
      const predictor = createPredictor(client, description, this.options.maxRowsWaiting);
      this.served = { client, ready: { state: "ready", description, predictor, sidecar } };
    } else if (this.model.availability.state !== "ready") this.served.client.recovered();
    return this.served.ready;
  }
}

/** @throws Error whose message callers will read */
function metadataOf(status: number, text: string): SidecarMetadata {
  if (status !== 200) throw new Error(`${status}: ${text.slice(0, 200)}`);
  const parsed = sidecarMetadataSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`it says nothing of ${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}`);
}
