// Loaded before Picklepod: told by SIGUSR2, it throws away what nobody holds any more, and says on stderr how many megabytes are left.
// What the process has of the machine (RSS) also holds what was freed and not given back; this does not. Compiled code is told by
// itself: for its first quarter of an hour V8 compiles what it finds to be called often.
const { getHeapCodeStatistics, setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");
const { isMainThread } = require("node:worker_threads");

if (isMainThread) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  process.on("SIGUSR2", () => {
    for (let i = 0; i < 5; i += 1) collect(); // finalizers of one round free what the next one finds
    const { heapUsed, external } = process.memoryUsage();
    const { code_and_metadata_size: compiled, bytecode_and_metadata_size: bytecode } = getHeapCodeStatistics();
    const code = compiled + bytecode;
    const [live, ofCode] = [heapUsed + external - code, code].map((bytes) => (bytes / 2 ** 20).toFixed(3));
    process.stderr.write(`live memory: ${live} MB, compiled code: ${ofCode} MB\n`);
  });
}
