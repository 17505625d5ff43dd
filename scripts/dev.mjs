// npm run dev: serves, and starts again when a source or a bundle changes.
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const compiler = spawn(process.execPath, [tsc, "-p", "tsconfig.build.json", "--watch", "--preserveWatchOutput"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
const watched = ["--watch-path=dist", "--watch-path=models"];
const server = spawn(process.execPath, [...watched, join("dist", "main.js"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
const stop = () => {
  compiler.kill();
  server.kill();
};
process.on("SIGINT", stop).on("SIGTERM", stop);
server.on("exit", () => compiler.kill());
