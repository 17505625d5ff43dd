import { readBundle } from "../bundle/read-bundles";
import { folderOf } from "./bundle-argument";
import { endWith } from "./exit-codes";
import { interrupted } from "./interruption";
import { openRows } from "./score-file";
import { CannotScore, sendRows, type Sent } from "./score-http";
import { scoreProgress } from "./score-progress";
import { serveBundle } from "./serve-bundle";
import { say } from "./terminal";

export interface Scoring {
  /** Without one, stdin. */
  readonly file: string | undefined;
  readonly bundle: string | undefined;
  readonly url: string | undefined;
  readonly keyFile: string | undefined;
  readonly onError: "fail" | "null" | "skip";
  readonly to: "csv" | "ndjson" | "arrow" | undefined;
}

/** From a file of rows to predictions on stdout, by the same route that everyone calls. */
export async function scoreRows({ file, bundle, url, keyFile, onError, to }: Scoring): Promise<void> {
  const rows = await openRows(file);
  const asked = bundle === undefined ? { url: url ?? "", stop: () => Promise.resolve() } : await served(bundle);
  const progress = scoreProgress(rows.size);
  try {
    const at = withOnError(asked.url, onError);
    const sent = await sendRows(rows, { url: at, keyFile, to, progress, signal: interrupted });
    progress.stop();
    tell(sent, progress.seconds());
  } finally {
    progress.stop();
    await asked.stop();
  }
}

function withOnError(url: string, onError: string): string {
  if (!URL.canParse(url))
    throw new CannotScore(`${url} is not an address; it looks like http://127.0.0.1:8080/predict.`);
  const address = new URL(url);
  address.searchParams.set("on_error", onError);
  return address.href;
}

async function served(word: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const bundle = readBundle(folderOf(word));
  const { url, model, stop } = await serveBundle(bundle);
  try {
    while (model.availability.state !== "ready") {
      interrupted.throwIfAborted();
      const { state, reason } = model.availability;
      if (state === "failed") throw new CannotScore(`${bundle.name} does not serve: ${reason}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `${url}/models/${bundle.name}/predictions`, stop };
}

function tell({ summary, unknownCategories }: Sent, seconds: number): void {
  const { rows, predicted, refused } = summary;
  const rate = seconds > 0 ? Math.round(rows / seconds) : rows;
  say(`${rows} rows in ${seconds.toFixed(1)} s (${rate} rows/s): ${predicted} predicted, ${refused} refused`);
  if (unknownCategories !== undefined)
    say(`rows with an unknown value that the manifest lets pass: ${unknownCategories}`);
  if (refused > 0) endWith("findings");
}
