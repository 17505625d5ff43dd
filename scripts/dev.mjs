// npm run dev: serves, starts again when a source changes, and takes in bundles that change.
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const compiler = spawn(process.execPath, [tsc, "-p", "tsconfig.build.json", "--watch", "--preserveWatchOutput"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
const served = [join("dist", "main.js"), "--watch", ...process.argv.slice(2)];
const server = spawn(process.execPath, ["--watch-path=dist", ...served], {
  cwd: root,
  stdio: "inherit",
});
const stop = () => {
  compiler.kill();
  server.kill();
};
process.on("SIGINT", stop).on("SIGTERM", stop);
server.on("exit", () => compiler.kill());
