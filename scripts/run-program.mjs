import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Runs it in the project's folder. @returns its exit code, and what it wrote where that is not shown at once */
export async function runProgram(program, args, { isShown }) {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", isShown ? "inherit" : "pipe", "inherit"] });
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (piece) => (stdout += piece));
  const status = await once(child, "close").then(
    ([code]) => code,
    (error) => (console.log(`${program} does not start: ${error.message}`), 1),
  );
  return { status, stdout };
}
