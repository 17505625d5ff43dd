import type { RequestListener } from "node:http";

import { tellAcceptErrors } from "../accept-errors";
import type { Certificate } from "../access/certificate";
import { refuseForeignHosts } from "../access/foreign-hosts";
import { type AppOptions, createApp, createContractApp, createControlApp } from "../app";
import { listen, type Listening, PortError } from "../listen";
import type { Observer } from "../observer";
import type { Problem } from "../problems";
import type { Settings } from "../settings";
import type { Log } from "../supervise/log";
import type { Shown } from "./shown-set";

/** A port that is to be open, and what answers there. */
interface Wanted {
  readonly port: number;
  readonly what: string;
  readonly build: (options: AppOptions) => RequestListener;
}

/** A port that is open: whatever answers there can be exchanged between two requests. */
interface Open {
  readonly listening: Listening;
  readonly turnTo: (app: RequestListener) => void;
}

/** What the settings and the bundles ask for. */
function wantedPorts({ models }: AppOptions, settings: Settings): Wanted[] {
  const main: Wanted = { port: settings.PORT, what: "picklepod", build: createApp };
  const control = settings.ADMIN_PORT === undefined ? [] : [{ port: settings.ADMIN_PORT, what: "control", build: createControlApp }]; // prettier-ignore
  if (!settings.SEED_PORTS) return [main, ...control];
  const own = models.flatMap((model): Wanted[] => {
    const { port } = model.bundle.manifest.contract;
    const build = (options: AppOptions): RequestListener => createContractApp(model, options);
    return port === undefined ? [] : [{ port, what: `${model.bundle.name} alone`, build }];
  });
  return [main, ...control, ...own];
}

/** What had begun before a swap may take as long as a stream does, but not for ever. */
const OLD_ANSWERS_WITHIN_MS = 10 * 60_000;

/** However many call for predictions, so many may ask for the health and give orders where that has a port of its own. */
const CONTROL_CONNECTIONS = 8;

/** Every open port. */
export class Ports {
  private readonly open = new Map<string, Open>();
  /** Those that no bundle asks for any more, until their last answer is read. */
  private readonly leaving = new Set<Listening>();
  private draining = false;

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly certificate: Certificate | undefined,
  ) {}

  /** From now on every port answers from these options; what has begun goes on as it began. @throws PortError, and then nothing has changed */
  async show(options: AppOptions): Promise<Shown> {
    const wanted = new Map<string, Wanted & { app: RequestListener }>();
    for (const one of wantedPorts(options, this.settings)) {
      const key = ["picklepod", "control"].includes(one.what) ? one.what : String(one.port);
      if (wanted.has(key))
        throw new PortError(`The port ${one.port} is asked for twice. Give ${one.what} another one in its contract`);
      wanted.set(key, { ...one, app: one.build(options) });
    }
    const opened = await this.openNew(wanted, options.observer);
    const before = [...this.open.values()].map(({ listening }) => listening.answered(OLD_ANSWERS_WITHIN_MS));
    for (const [key, port] of opened) this.open.set(key, port);
    for (const [key, { app }] of wanted) this.open.get(key)?.turnTo(app);
    const closing = [...this.open].filter(([key]) => !wanted.has(key));
    for (const [key] of closing) this.open.delete(key);
    const closed = closing.map(([, { listening }]) => this.leave(listening));
    return { drained: Promise.all([...before, ...closed]).then(() => undefined) };
  }

  async drain(): Promise<void> {
    this.draining = true;
    await Promise.all(this.all().map((listening) => listening.drain()));
  }

  cut(): void {
    for (const listening of this.all()) listening.cut();
  }

  private all(): Listening[] {
    return [...this.leaving, ...[...this.open.values()].map(({ listening }) => listening)];
  }

  private async leave(listening: Listening): Promise<void> {
    this.leaving.add(listening);
    await listening.drain();
    this.leaving.delete(listening);
  }

  private async openNew(
    wanted: ReadonlyMap<string, Wanted & { app: RequestListener }>,
    observer: Observer,
  ): Promise<Map<string, Open>> {
    const opened = new Map<string, Open>();
    try {
      for (const [key, { port, what, app }] of wanted)
        if (!this.open.has(key)) opened.set(key, await this.openOne(app, port, what, observer));
      if (this.draining && opened.size > 0) throw new PortError("Picklepod is ending, and opens no port any more.");
      return opened;
    } catch (error) {
      await Promise.all([...opened.values()].map(({ listening }) => listening.drain()));
      throw error;
    }
  }

  private async openOne(app: RequestListener, port: number, what: string, observer: Observer): Promise<Open> {
    let current = app;
    const turned: RequestListener = (request, response) => {
      current(request, response);
    };
    const onRefused = (problem: Problem, requestId: string): void => {
      observer.answered({ requestId, model: "", status: problem.status, rows: 0, problem });
    };
    const handler = refuseForeignHosts(turned, this.settings, onRefused, this.log);
    const { certificate, settings } = this;
    const spareConnections = settings.ADMIN_PORT === undefined || what === "control" ? 0 : CONTROL_CONNECTIONS;
    const onAcceptError = tellAcceptErrors(this.log, what);
    const options = { certificate, spareConnections, onRefused, onAcceptError };
    const listening = await listen(handler, port, settings.HOST, options);
    this.log.info({ url: listening.url, what }, `listening on ${listening.url}`);
    return { listening, turnTo: (next) => (current = next) };
  }
}
