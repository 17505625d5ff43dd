/**
 * Run before `npm start` and `npm test`: installs and builds what is missing or out of date, saying what it does, and
 * says nothing when there is nothing to do. Plain Node, for it runs before anything is installed.
 */
import { spawn } from "child_process";
import { createHash } from "crypto";
import fs from "fs";
import os from "os";
import path from "path";
import { fileURLToPath } from "url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => path.join(root, ...parts);
const lockFile = at(".picklepod", "prepare.lock");
const say = (text) => process.stderr.write(`${text}\n`);

const stages = [
  { isDone: dependenciesAreInstalled, doing: "Installing the API's dependencies (npm ci)", work: install },
  { isDone: distIsOfTheseSources, doing: "Building the API (tsc)", work: build },
];

let running; // the child at work, to be ended with us
let told; // the signal that told us to end

try {
  checkNode();
  if (!stages.every(({ isDone }) => isDone())) await withLock(prepare);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}

async function prepare() {
  for (const { isDone, doing, work } of stages) {
    if (isDone()) continue;
    say(doing);
    await work();
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Picklepod needs Node 20.19 or newer; this is ${process.version} (${process.execPath}).`);
}

// ---- dependencies

/** npm writes node_modules/.package-lock.json last, so that one which is there tells what was really installed. */
function dependenciesAreInstalled() {
  const manifest = readJson(at("package.json"));
  const wanted = readJson(at("package-lock.json"));
  const installed = readJson(at("node_modules", ".package-lock.json"));
  if (manifest === undefined || wanted === undefined) throw new Error("package.json or package-lock.json is missing.");
  if (installed === undefined) return false;
  const { "": itself, ...packages } = wanted.packages;
  const locksTheManifest = ["dependencies", "devDependencies"].every((kind) =>
    sameMembers(manifest[kind], itself[kind]),
  );
  return (
    locksTheManifest &&
    Object.entries(packages).every(([folder, { version, integrity, optional, devOptional }]) => {
      const present = installed.packages[folder];
      if (present === undefined) return optional === true || devOptional === true; // made for another platform
      return present.version === version && present.integrity === integrity && fs.existsSync(at(folder));
    })
  );
}

function install() {
  // A npm that runs us says where it lies; the one on PATH may be another.
  const npm = process.env.npm_execpath;
  // dev: NODE_ENV=production would leave tsc out. No package needs its install script, and whoever takes one over would run in it.
  const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  return npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)
    ? run("npm ci", process.execPath, [npm, ...args])
    : run("npm ci", "npm", args);
}

// ---- dist

/** By content: a checkout touches files without changing them, and a file that is deleted leaves nothing newer behind. */
function distIsOfTheseSources() {
  return readText(at("dist", ".sources")) === sourcesDigest() && fs.existsSync(at("dist", "main.js"));
}

function sourcesDigest() {
  const digest = createHash("sha256");
  const settings = ["tsconfig.json", "tsconfig.build.json", "node_modules/typescript/package.json"];
  for (const file of [...settings, ...sources("api/src")]) digest.update(`${file}\0${readText(at(file)) ?? ""}\0`);
  return digest.digest("hex");
}

function sources(folder) {
  const entries = fs.readdirSync(at(folder), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sources(file);
      return entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts") ? [file] : [];
    });
}

/** Beside dist, then in its place: nobody runs half of one, and what was deleted from the sources is gone from it too. */
async function build() {
  const digest = sourcesDigest(); // before: what is edited meanwhile is built the next time
  const draft = at(`dist.making-${process.pid}`);
  for (const name of fs.readdirSync(root)) {
    // of one that was killed: we hold the lock
    if (name.startsWith("dist.making-")) fs.rmSync(at(name), { recursive: true, force: true });
  }
  try {
    const tsc = at("node_modules", "typescript", "bin", "tsc");
    await run("tsc", process.execPath, [tsc, "-p", at("tsconfig.build.json"), "--outDir", draft]);
    fs.writeFileSync(path.join(draft, ".sources"), digest);
    fs.rmSync(at("dist"), { recursive: true, force: true });
    fs.renameSync(draft, at("dist"));
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

// ---- children

async function run(name, program, args) {
  if (told !== undefined) throw new Error(`${name} was not started: ${told}.`);
  return new Promise((resolve, reject) => {
    // All to stderr: stdout belongs to what runs after us.
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", 2, 2] });
    running = child;
    writeHolder(child.pid);
    child.on("error", (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.on("exit", (code, signal) => {
      running = undefined;
      if (code === 0) resolve();
      else reject(new Error(`${name} ${signal === null ? `failed (code ${code})` : `was ended by ${signal}`}.`));
    });
  });
}

// ---- one at a time

async function withLock(work) {
  await takeLock();
  const end = (signal) => {
    told = signal;
    running?.kill(signal);
  };
  // Told to end, we end the child, whose end ends us: nothing is at work any more when the lock is let go.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
  try {
    await work();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}

/** A link appears with its content at once. A stale lock is moved aside, which only one of several can do. */
async function takeLock() {
  const draft = writeDraft();
  try {
    for (let waits = false; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      try {
        fs.linkSync(draft, lockFile);
        return;
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const text = readText(lockFile);
      if (text === undefined) continue;
      if (isStale(text)) breakLock(text);
      else if (!waits) {
        say("Waiting for another npm command, which installs or builds");
        waits = true;
      }
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** The child holds the lock too: it goes on when we are killed. */
function writeHolder(child) {
  fs.renameSync(writeDraft(child), lockFile);
}

function writeDraft(child) {
  const draft = `${lockFile}.${process.pid}`;
  const holders = [process.pid, child].filter(Boolean).map((pid) => ({ pid, start: startOf(pid) }));
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  fs.writeFileSync(draft, JSON.stringify({ host: os.hostname(), holders }));
  return draft;
}

function isStale(text) {
  try {
    const { host, holders } = JSON.parse(text);
    return host === os.hostname() && holders.every(({ pid, start }) => !isAlive(pid) || startOf(pid) !== start);
  } catch {
    return true; // damaged
  }
}

function breakLock(stale) {
  const aside = `${lockFile}.${process.pid}.stale`;
  try {
    fs.renameSync(lockFile, aside);
    if (readText(aside) !== stale) fs.linkSync(aside, lockFile); // one that came after it: put back
  } catch {
    // somebody else was first
  }
  fs.rmSync(aside, { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Tells a process from a later one with its pid; where there is no /proc the pid alone must do. */
function startOf(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3 on
  return fields === undefined ? null : fields[0] === "Z" ? "dead" : fields[19];
}

// ---- files

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function readJson(file) {
  const text = readText(file);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameMembers(a = {}, b = {}) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
