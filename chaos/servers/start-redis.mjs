import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";

import { root } from "../places.mjs";
import { until } from "./until.mjs";

const READY_MS = 10_000;
const ANSWER_MS = 500;

/** One of its own; resolves when it answers. @throws Error where there is none on this machine */
export async function startRedis(port, also) {
  const program = execFileSync(process.execPath, [join(root, "scripts/find-redis.mjs")])
    .toString()
    .trim();
  const child = spawn(program, ["--port", String(port), "--save", "", "--bind", "127.0.0.1"], { stdio: "ignore" });
  const redis = {
    signal: (name) => child.kill(name),
    stop: () => {
      child.kill("SIGCONT");
      child.kill("SIGKILL");
    },
  };
  also(redis);
  await until(READY_MS, "Redis answers a PING", async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    return (await answersPing(port)) || undefined;
  });
  return redis;
}

async function answersPing(port) {
  const socket = connect({ host: "127.0.0.1", port }, () => socket.write("PING\r\n"));
  try {
    const [bytes] = await once(socket, "data", { signal: AbortSignal.timeout(ANSWER_MS) });
    return bytes.toString() === "+PONG\r\n";
  } catch {
    return false; // it does not listen yet
  } finally {
    socket.destroy();
  }
}
