import cluster from "node:cluster";

import pino, { type Logger } from "pino";

import { type AppOptions, createApp, createContractApp } from "./app";
import { findingText } from "./bundle/finding";
import { type BundlesRead, readBundles } from "./bundle/read-bundles";
import { listen, type Listening, PortError } from "./listen";
import { localSidecars, type Pod, startPod, withOwnSidecar } from "./pod";
import type { Answered } from "./predict/predict-route";
import { project } from "./project";
import { readSettings, type Settings, SettingsError } from "./settings";
import { runPrimary } from "./workers/primary";
import { relayedSidecars } from "./workers/relayed-sidecars";

/** A line is written within 100 ms; under load many go at once, since each write costs as much as a dozen lines. */
const LOG_WRITES = { sync: false, minLength: 16_000, periodicFlush: 100 };

/** What a person can mend by reading one message. */
class CannotStart extends Error {
  override readonly name = "CannotStart";
}

export interface Serve {
  /** Names of folders in models/, paths of bundles, or `all`; the setting MODELS where nothing is given. */
  readonly models?: readonly string[] | undefined;
  /** In place of the setting PORT. */
  readonly port?: number | undefined;
}

/** Serves until a signal ends the process. Throws what a person can mend by reading one message: see isMendable. */
export async function serve(given: Serve): Promise<void> {
  const read = readSettings();
  await serveWith({ ...read, PORT: given.port ?? read.PORT }, given.models ?? read.MODELS.split(","));
}

export const isMendable = (error: unknown): error is Error =>
  error instanceof CannotStart || error instanceof SettingsError || error instanceof PortError;

async function serveWith(settings: Settings, models: readonly string[]): Promise<void> {
  const log = pino({ level: settings.LOG_LEVEL }, pino.destination(LOG_WRITES));
  const selection = models.map((word) => word.trim());
  const read = readBundles(selection.filter(Boolean), project.modelsFolder);
  if (cluster.isPrimary) tellRefused(read, log);
  if (read.bundles.length === 0) throw new CannotStart("No bundle can be served.");
  const elsewhere = [...settings.SIDECAR_URLS.keys()].filter((name) => !isSelected(read, name));
  if (elsewhere.length > 0) {
    throw new CannotStart(
      `SIDECAR_URLS names ${elsewhere.join(", ")}, which MODELS does not select. Mend one of them.`,
    );
  }

  const local = localSidecars(settings, log, (line) => process.stderr.write(`${line}\n`));
  if (settings.WORKERS > 1 && cluster.isPrimary) {
    const { WORKERS: workers, DRAIN_TIMEOUT_MS: drainTimeoutMs } = settings;
    runPrimary(withOwnSidecar(read.bundles, settings), { workers, drainTimeoutMs, startSidecars: local, log });
    return;
  }
  const startSidecars = cluster.isWorker ? relayedSidecars : local;
  const pod = startPod(read.bundles, { settings, log, startSidecars });
  let isDraining = false;
  const options: AppOptions = {
    models: pod.models,
    refused: new Map([...read.refused].map(([name, findings]) => [name, findings.map(findingText).join(" ")])),
    refusedDefault: read.refusedDefault,
    isDraining: () => isDraining,
    limits: { bodyBytes: settings.BODY_LIMIT_MB * 1024 * 1024, timeoutMs: settings.REQUEST_TIMEOUT_MS },
    sidecarUrlOf: pod.sidecarUrlOf,
    rawInference: settings.V2_PASSTHROUGH,
    answered: logAnswered(log),
  };
  try {
    const ports = await openPorts(options, settings, log);
    stopOnSignal(ports, pod, settings, log, () => (isDraining = true));
  } catch (error) {
    await pod.stop();
    throw error;
  }
}

const isSelected = ({ bundles, refused }: BundlesRead, name: string): boolean =>
  refused.has(name) || bundles.some((bundle) => bundle.name === name);

function tellRefused({ refused }: BundlesRead, log: Logger): void {
  for (const [name, findings] of refused) {
    for (const finding of findings)
      log.error({ model: name, ...finding }, `${name} does not serve: ${findingText(finding)}`);
  }
}

async function openPorts(options: AppOptions, settings: Settings, log: Logger): Promise<Listening[]> {
  const own = options.models.filter(
    (model) => settings.SEED_PORTS && model.bundle.manifest.contract.port !== undefined,
  );
  const wanted = [
    { app: createApp(options), port: settings.PORT, what: "picklepod" },
    ...own.map((model) => ({
      app: createContractApp(model, options),
      port: model.bundle.manifest.contract.port ?? 0,
      what: `${model.bundle.name} alone`,
    })),
  ];
  const ports: Listening[] = [];
  try {
    for (const { app, port, what } of wanted) {
      const listening = await listen(app, port, settings.HOST);
      ports.push(listening);
      log.info({ url: listening.url, what }, `listening on ${listening.url}`);
    }
    return ports;
  } catch (error) {
    await Promise.all(ports.map((port) => port.drain()));
    throw error;
  }
}

function logAnswered(log: Logger): (answered: Answered) => void {
  return ({ problem, defect, ms, ...fields }) => {
    const line = { ...fields, ms: Math.round(ms * 1000) / 1000 };
    if (defect !== undefined) log.error({ ...line, err: defect }, "a defect of Picklepod");
    else if (problem)
      log[problem.status >= 500 ? "warn" : "info"](
        { ...line, problem: problem.problemName, detail: problem.message.slice(0, 500) },
        "answered",
      );
    else log.info(line, "answered");
  };
}

/** The first SIGTERM or SIGINT ends everything: what was accepted is answered first. */
function stopOnSignal(
  ports: readonly Listening[],
  pod: Pod,
  { DRAIN_TIMEOUT_MS }: Settings,
  log: Logger,
  onDrain: () => void,
): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    onDrain();
    log.info({ signal }, `${signal}: answering what was accepted, then ending`);
    const late = setTimeout(() => {
      log.warn({ ms: DRAIN_TIMEOUT_MS }, "some requests were not answered within the drain time");
      for (const port of ports) port.cut();
    }, DRAIN_TIMEOUT_MS);
    void Promise.all(ports.map((port) => port.drain()))
      .then(() => pod.stop())
      .then(() => {
        clearTimeout(late);
        log.info("ended");
      });
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}
