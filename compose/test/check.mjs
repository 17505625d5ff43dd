// Checks are sentences: each is printed as it ends, and a failed one lets the others run.
const aborted = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => aborted.abort());

/** Ends whatever the test waits for as soon as somebody wants it to end. */
export const { signal } = aborted;
export const count = { passed: 0, failed: 0 };

/** What `prove` returns is printed behind the sentence: a measurement, or what was found. */
export async function check(sentence, prove) {
  try {
    const found = await prove();
    count.passed += 1;
    console.log(`ok      ${sentence} (${found})`);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    count.failed += 1;
    console.log(`FAILED  ${sentence}\n${String(error.message).replaceAll(/^/gm, "        ")}`);
    return false;
  }
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
