import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";

import { project } from "../src/project";
import { pause } from "./start-picklepod";

/** A real one, that keeps nothing. */
export interface RedisServer {
  readonly port: number;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
}

export async function startRedis(port: number, password?: string): Promise<RedisServer> {
  const find = join(project.root, "scripts", "find-redis.mjs");
  const program = execFileSync(process.execPath, [find], { encoding: "utf8", timeout: 120_000 }).trim();
  const secured = password === undefined ? [] : ["--requirepass", password];
  const child = spawn(program, ["--port", String(port), "--save", "", "--bind", "127.0.0.1", ...secured], {
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await untilOpen(port);
  const stop = async (): Promise<void> => {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await ended;
  };
  return { port, signal: (name) => void child.kill(name), stop };
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await pause(25);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`redis-server does not listen on ${port}`);
}
