// The table of what is measured: how each is started, and in which wire format it is asked. Under each peer's own idea of the best
// way, where it has one; where it leaves a choice, the one that was faster here. `slow`: it is asked less. `restless`: it takes
// CPU while nobody asks it anything, and is held meanwhile. `closes`: it closes the connection with every answer.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cache, peersFolder, root } from "../places.mjs";
import { allocator } from "./allocator.mjs";

const uvicorn = (workers) => ({
  lock: "fastapi",
  command: ({ python, port }) => [
    python,
    ..."-m uvicorn fastapi_app:app --no-access-log --log-level error".split(" "),
    ...["--port", port, "--workers", workers],
  ],
});

export const picklepod = {
  id: "picklepod",
  label: "Picklepod",
  path: "/predict",
  wire: "records",
  command: () => [process.execPath, join(root, "dist/main.js")],
  environment: ({ port, bundle }) => ({
    ...allocator,
    PORT: port,
    MODELS: bundle.folder,
    REQUEST_TIMEOUT_MS: "60000",
    BODY_LIMIT_MB: "512",
    MAX_ROWS_WAITING: "1000000",
  }),
};

/** With a process of the API for each of two CPUs. Only single rows are measured of it. */
export const picklepodTwice = {
  ...picklepod,
  id: "picklepod-2",
  label: "Picklepod, WORKERS=2",
  environment: (asked) => ({ ...picklepod.environment(asked), WORKERS: "2" }),
};

export const peers = [
  { id: "fastapi-1", label: "FastAPI, 1 worker", path: "/predict", wire: "records", ...uvicorn(1) },
  { id: "fastapi-2", label: "FastAPI, 2 workers", path: "/predict", wire: "records", ...uvicorn(2) },
  {
    id: "flask",
    label: "Flask + gunicorn, 2 workers",
    lock: "flask",
    path: "/predict",
    wire: "records",
    // Threads, for gunicorn's sync workers close every connection; its default of 1,000 connections would refuse some of 1,024.
    command: ({ python, port }) => [
      python,
      ..."-m gunicorn flask_app:app --workers 2 --threads 4 --worker-connections 2048 --log-level error".split(" "),
      ...["--timeout", 120, "--bind", `127.0.0.1:${port}`],
    ],
  },
  {
    id: "seed",
    label: "Flask, pickles loaded per request",
    lock: "flask",
    path: "/predict",
    wire: "records",
    note: "Flask's own server and a pandas pipeline, as such systems are found; its wrong dummies and money are mended",
    slow: true,
    closes: true,
    command: ({ python, port }) => [python, join(peersFolder, "seed_flask_app.py"), port],
  },
  {
    id: "mlserver",
    label: "MLServer",
    lock: "mlserver",
    path: "/v2/models/classification/infer",
    wire: "mlserver",
    note: "adaptive batching; asked and answered in tensors",
    prepare: writeMlserverModel,
    command: ({ python, folder }) => [python, join(python, "../mlserver"), "start", folder],
  },
  {
    id: "bentoml",
    label: "BentoML",
    lock: "bentoml",
    path: "/predict",
    wire: "bentoml",
    note: "adaptive batching",
    environment: () => ({ BENTOML_HOME: join(cache, "bentoml-home"), BENTOML_DO_NOT_TRACK: "True" }),
    command: ({ python, port }) => [
      join(python, "../bentoml"),
      ...["serve", "bentoml_service:Scorer", "--working-dir", peersFolder, "--port", port],
    ],
  },
  {
    id: "litserve",
    label: "LitServe",
    lock: "litserve",
    path: "/predict",
    wire: "records",
    note: "batching",
    restless: true,
    command: ({ python, port }) => [python, join(peersFolder, "litserve_app.py"), port],
  },
  {
    id: "mlflow",
    label: "MLflow models serve",
    lock: "mlflow",
    path: "/invocations",
    wire: "mlflow",
    slow: true,
    prepare: saveMlflowModel,
    // It looks for uvicorn on PATH.
    environment: ({ python }) => ({
      PATH: `${join(python, "..")}:${process.env.PATH}`,
      MLFLOW_DISABLE_TELEMETRY: "true",
    }),
    command: ({ python, folder, port }) => [
      join(python, "../mlflow"),
      ...["models", "serve", "-m", join(folder, "model"), "--env-manager", "local", "-h", "127.0.0.1", "-p", port],
    ],
  },
  {
    id: "ray",
    label: "Ray Serve",
    lock: "ray",
    path: "/predict",
    wire: "records",
    note: "@serve.batch",
    slow: true,
    restless: true,
    environment: () => ({ RAY_USAGE_STATS_ENABLED: "0" }),
    command: ({ python, port }) => [python, join(peersFolder, "ray_app.py"), port],
  },
].map((peer) => ({ python: "3.9", ...peer }));

function writeMlserverModel({ folder, port, freePorts: [grpc, metrics] }) {
  mkdirSync(folder, { recursive: true });
  const model = {
    name: "classification",
    implementation: "mlserver_runtime.Scorer",
    max_batch_size: 64,
    max_batch_time: 0.001,
  };
  const settings = {
    host: "127.0.0.1",
    http_port: port,
    grpc_port: grpc,
    metrics_port: metrics,
    parallel_workers: 0,
    debug: false,
  };
  writeFileSync(join(folder, "model-settings.json"), JSON.stringify(model));
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  cpSync(join(peersFolder, "mlserver_runtime.py"), join(folder, "mlserver_runtime.py"));
}

function saveMlflowModel({ python, folder, environment }) {
  const model = join(folder, "model");
  if (existsSync(model)) rmSync(model, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, env: environment, timeout: 60_000, stdio: "pipe" };
  execFileSync(python, [join(peersFolder, "mlflow_model.py"), model], options);
}
