// The client runs in a process of its own, so that its CPU is told apart and its event loop is nobody else's.
import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Does one job: {kind, …} as load/client.mjs knows it. The answer has clientCpuSeconds beside what the job found.
 * `program`: another client, which knows other jobs.
 * @throws Error where the client failed, or did not end `withinMs`
 */
export function runClient(job, withinMs, program = join(import.meta.dirname, "client.mjs")) {
  const args = ["--max-old-space-size=8192", program, JSON.stringify(job)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
  const [output, errors] = [[], []];
  child.stdout.on("data", (bytes) => output.push(bytes));
  child.stderr.on("data", (bytes) => errors.push(bytes));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(JSON.parse(Buffer.concat(output).toString()));
      else if (signal !== null) reject(new Error(`no end within ${withinMs / 1000} s`));
      else reject(new Error(Buffer.concat(errors).toString().trim()));
    });
  });
}
