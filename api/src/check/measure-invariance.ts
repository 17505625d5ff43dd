import { ask } from "./ask";
import { inParallel } from "./in-parallel";
import { asList, predictionTexts } from "./json-elements";

/** One way to send rows, and how many of them then have a prediction that differs in any letter. */
export interface Measured {
  readonly mode: string;
  readonly rows: number;
  readonly differing: number;
}

export interface Calls {
  /** Places of the rows that a call holds. */
  readonly calls: readonly (readonly number[])[];
  readonly atOnce: number;
}

/** Ways to send rows, by name: the calls of each, of the rows' places. */
export type Modes = (places: readonly number[], most: number) => Readonly<Record<string, Calls>>;

/** How many of the rows are also sent with nothing else under way. */
const LONE_ROWS = 300;

/** In every manner: what the long tests do. */
const everyMode: Modes = (places, most) => ({
  "alone, one after another": { calls: cut(places.slice(0, LONE_ROWS), 1), atOnce: 1 },
  "alone, 64 at a time": { calls: cut(places, 1), atOnce: 64 },
  ...Object.fromEntries(
    [2, 3, 7, 32, 256]
      .filter((size) => size <= most)
      .map((size) => [`batches of ${size}`, { calls: cut(places, size), atOnce: 4 }]),
  ),
  permuted: { calls: cut(shuffle(places), most), atOnce: 1 },
  "permuted, batches of 7": { calls: cut(shuffle(places), 7), atOnce: 4 },
});

/** Enough to find a row that its neighbours change, in a second or two. */
export const fewModes: Modes = (places, most) => ({
  alone: { calls: cut(places, 1), atOnce: 16 },
  "batches of 7": { calls: cut(places, 7), atOnce: 4 },
  permuted: { calls: cut(shuffle(places), most), atOnce: 1 },
});

/**
 * Sends the same rows in several manners on the native route, and compares the text of each prediction with the one it has
 * in the largest calls.
 * @param most how many rows go into the largest calls
 */
export async function measureInvariance(
  predictions: string,
  rows: readonly string[],
  most: number,
  modes: Modes = everyMode,
): Promise<Measured[]> {
  const places = rows.map((_, place) => place);
  const base = await send(predictions, rows, { calls: cut(places, most), atOnce: 1 });
  const measured: Measured[] = [];
  for (const [mode, calls] of Object.entries(modes(places, most))) {
    const got = await send(predictions, rows, calls);
    const sent = calls.calls.flat();
    measured.push({
      mode,
      rows: sent.length,
      differing: sent.filter((place) => got[place] === undefined || got[place] !== base[place]).length,
    });
  }
  return [
    { mode: `calls of ${Math.min(most, rows.length)}`, rows: rows.length, differing: rows.length - base.length },
    ...measured,
  ];
}

/** The predictions' texts, each at its row's place. */
async function send(url: string, rows: readonly string[], { calls, atOnce }: Calls): Promise<string[]> {
  const texts: string[] = [];
  await inParallel(atOnce, calls, async (places) => {
    const answer = await ask(url, { body: asList(places.map((place) => rows[place] ?? "")) });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text.slice(0, 1_000)}`);
    const got = predictionTexts(answer.text);
    if (got.length !== places.length) throw new Error(`${got.length} predictions for ${places.length} rows`);
    places.forEach((place, i) => (texts[place] = got[i] ?? ""));
  });
  return texts;
}

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The same order every time: a linear congruence decides. */
function shuffle(places: readonly number[]): number[] {
  const order = [...places];
  for (let i = order.length - 1, state = 12_345; i > 0; i -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}
