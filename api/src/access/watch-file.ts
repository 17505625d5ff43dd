import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

/**
 * A look a second at a few small files: it misses no change, as fs.watchFile may one that comes right after the start, and
 * sees a file that is replaced behind a link, as secrets in containers are.
 */
const LOOK_MS = 1_000;

/** Calls back when what the files hold has changed. Gives what ends it. */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  let before = files.map(contentOf).join("\0");
  let stopped = false;
  const look = async (): Promise<void> => {
    const contents = await Promise.all(files.map((file) => readFile(file, "latin1").catch(() => UNREADABLE)));
    const now = contents.join("\0");
    if (stopped || now === before) return;
    before = now;
    onChange();
  };
  const looking = setInterval(() => void look(), LOOK_MS).unref();
  return () => {
    stopped = true;
    clearInterval(looking);
  };
}

/** Whoever needs the file says what is wrong with it. */
const UNREADABLE = "";

function contentOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return UNREADABLE;
  }
}
