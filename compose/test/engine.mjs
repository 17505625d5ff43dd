// The container engine as this machine has it: `docker`, and whichever compose there is.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);

/** What the command printed; rejects with the end of its output when it fails, and not before it has ended. */
export async function run([program, ...words], { signal, env } = {}) {
  const running = execute(program, words, { cwd: root, signal, env, maxBuffer: 1 << 28 });
  const ended = once(running.child, "close");
  try {
    return (await running).stdout.trim();
  } catch (error) {
    await ended.catch(() => "it was never started");
    if (signal?.aborted) throw error;
    const output = `${error.stdout ?? ""}\n${error.stderr ?? ""}`.trim().split("\n").slice(-30).join("\n");
    throw new Error(`\`${[program, ...words].join(" ")}\` failed: ${output || error.message}`);
  }
}

/** The words that start compose here, e.g. ["docker", "compose"]. COMPOSE="docker-compose" chooses. */
export async function findCompose() {
  await run(["docker", "info"]);
  const candidates = process.env.COMPOSE
    ? [process.env.COMPOSE.split(" ")]
    : [["docker", "compose"], ["docker-compose"]];
  for (const words of candidates) {
    const version = await run([...words, "version", "--short"]).catch(() => undefined);
    if (version !== undefined) return { words, version };
  }
  throw new Error("Docker answers, but neither `docker compose` nor `docker-compose` is installed.");
}

/** A compose project of its own name, apart from any other that runs here. */
export function openProject({ words, name, env, signal }) {
  // What the person who runs this has set must not change what is tested.
  const { COMPOSE_FILE, COMPOSE_PROFILES, COMPOSE_PROJECT_NAME, ...inherited } = process.env;
  const settings = { ...inherited, ...env };
  const place = ["--project-name", name, "--project-directory", root, "--file", `${root}docker-compose.yaml`];
  const prefix = [...words, ...place];
  const compose = (...words) => run([...prefix, ...words], { env: settings, signal });
  // Without the signal: these are for the end, when it may have been given.
  const atTheEnd = (...words) => run([...prefix, "--profile", "all", ...words], { env: settings });
  const ofProject = ["--filter", `label=com.docker.compose.project=${name}`];
  const docker = (...words) => run(["docker", ...words], { signal });
  const container = async (service) => {
    const ofService = ["--filter", `label=com.docker.compose.service=${service}`];
    return JSON.parse(await docker("inspect", await docker("ps", "--all", "--quiet", ...ofProject, ...ofService)))[0];
  };
  const logs = () => atTheEnd("logs", "--no-color", "--tail", "40");
  const left = async (...list) => run(["docker", ...list, "--quiet", ...ofProject]);
  const down = async () => {
    await atTheEnd("down", "--volumes", "--remove-orphans");
    const ids = [await left("ps", "--all"), await left("volume", "ls"), await left("network", "ls")].join(" ").trim();
    if (ids !== "") throw new Error(`still there: ${ids}`);
    return "no container, volume or network";
  };
  return { compose, docker, container, logs, down };
}

/** Ends a container's process by its pid on the host: `docker kill` counts as a manual stop, and nothing restarts. */
export async function killOnHost({ Id: id, State: { Pid: pid } }, docker) {
  try {
    // Where the containers run in a machine of their own, the pid is somebody else's here.
    assert.ok(readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(id));
    process.kill(pid, "SIGKILL");
  } catch {
    const script = `process.kill(${pid}, "SIGKILL")`;
    await docker(
      "run",
      "--rm",
      "--pid",
      "host",
      "--user",
      "0",
      "picklepod-api-classification",
      "node",
      "--eval",
      script,
    );
  }
}
