// Loaded before Picklepod: told by SIGUSR2, it throws away what nobody holds any more, and says on stderr how many megabytes are left.
// What the process has of the machine (RSS) also holds what was freed and not given back; this does not.
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");
const { isMainThread } = require("node:worker_threads");

if (isMainThread) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  process.on("SIGUSR2", () => {
    for (let i = 0; i < 5; i += 1) collect(); // finalizers of one round free what the next one finds
    const { heapUsed, external } = process.memoryUsage();
    process.stderr.write(`live memory: ${((heapUsed + external) / 2 ** 20).toFixed(3)} MB\n`);
  });
}
