import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { broken, type Expanded, tooLarge, trailing } from "./expand-result";
import { always, limitOf, Room, times } from "./expand-room";
import type { Compression } from "./reading";

const longest = 30_000;
/** What the child ends with. */
const exits = { tooLarge: 3, broken: 4, trailing: 6 };
/** 127 is pyenv's, where no version is chosen. */
const notThisPython = new Set([5, 127]);

/** Python's own libraries alone; its memory is bounded as well, for a dictionary of 4 GB can be asked for. */
const script = `
import sys
kind, most, always, times = sys.argv[1], *map(int, sys.argv[2:])
try:
    import bz2, lzma
except ImportError:
    sys.exit(5)
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
except Exception:
    pass
read, write, total, taken = sys.stdin.buffer.read, sys.stdout.buffer.write, 0, 0
def new():
    return bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor(memlimit=1 << 28)
expander, rest = new(), b""
try:
    while True:
        if expander.eof:
            rest = expander.unused_data + read(8)
            if not rest:
                break
            if kind == "lzma" or rest[:3] not in (b"BZh", b"\\xfd7z"):
                sys.exit(6)
            expander = new()
        elif expander.needs_input:
            rest = read(65536)
            taken += len(rest)
            if not rest:
                sys.stderr.write("it ends early")
                sys.exit(4)
        else:
            rest = b""
        part = expander.decompress(rest, 1 << 20)
        total += len(part)
        if total > min(most, always + times * taken):
            sys.exit(3)
        write(part)
except (OSError, EOFError, ValueError, MemoryError, lzma.LZMAError) as error:
    sys.stderr.write(str(error) or type(error).__name__)
    sys.exit(4)
`;

/** Node has no bz2 and no xz: a Python does it, in a process of its own. */
export async function expandWithPython(content: Buffer, compression: Compression): Promise<Expanded> {
  for (const python of pythons()) {
    const expanded = await runPython(python, content, compression);
    if (expanded) return expanded;
  }
  const note = `This is compressed by ${compression}, which needs a Python 3 to expand: install one, or dump it with joblib's compress="gzip".`;
  return { is: "not-possible", note };
}

function* pythons(): Iterable<string> {
  yield* ["python3", "python"];
  const versions = join(homedir(), ".pyenv", "versions");
  if (!existsSync(versions)) return;
  for (const version of readdirSync(versions).reverse()) yield join(versions, version, "bin", "python3");
}

/** Undefined where this is no Python that can. */
function runPython(python: string, content: Buffer, kind: Compression): Promise<Expanded | undefined> {
  return new Promise((resolve) => {
    const bounds = [limitOf(content.length), always, times].map(String);
    const child = spawn(python, ["-I", "-S", "-c", script, kind, ...bounds], {
      timeout: longest,
      killSignal: "SIGKILL",
    });
    const room = new Room(content.length);
    let isTooLarge = false;
    let why = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (isTooLarge || room.take(chunk, content.length)) return;
      isTooLarge = true;
      child.kill("SIGKILL");
    });
    child.stderr.on("data", (text: Buffer) => (why = (why + text.toString("utf8")).slice(0, 500)));
    child.on("error", () => {
      resolve(undefined);
    });
    child.on("close", (code) => {
      if (code === 0) resolve({ is: "expanded", content: room.content });
      else if (code !== null && notThisPython.has(code)) resolve(undefined);
      else if (code === exits.tooLarge || isTooLarge) resolve(tooLarge);
      else if (code === exits.trailing) resolve(trailing);
      else resolve(broken(code === exits.broken ? why : "the Python that expands it was ended"));
    });
    // A child that has seen enough closes its end.
    child.stdin.on("error", () => undefined);
    child.stdin.end(content);
  });
}
