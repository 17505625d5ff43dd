import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { pinnedSchema } from "../bundle/description";
import type { Chain } from "../inspect/inspection";
import { shownPath } from "./bundle-folder";
import type { BundleMade } from "./make-bundle";
import type { Made } from "./result";
import type { Row } from "./sample/read-sample";

/** More would make every start slow. */
const MOST_EXPECTED = 1000;
const LONGEST_BODY = 1500;
const LONGEST_ANSWER = 2000;

/** The row that a person is shown; and where answers are expected, every row with its answer as a contract test. */
export function writeSamples(folder: string, { rows }: BundleMade, expects: boolean): void {
  const write = (file: string, sample: object): void => {
    writeFileSync(join(folder, "samples", file), JSON.stringify(sample));
  };
  const [first = {}] = rows;
  write("first.json", { route: "POST /predict", request: first });
  if (expects) write("expected.json", { request: rows.slice(0, MOST_EXPECTED) });
  if (JSON.stringify(first).length > LONGEST_BODY)
    writeFileSync(join(folder, "row.json"), `${JSON.stringify(first)}\n`);
}

/** What the pinned bundle answers to the rows whose answers are expected. */
export function answersOfSample(folder: string): Row[] {
  const { response } = readSample(folder, "expected.json") as { response: { predictions: Row[] } };
  return response.predictions;
}

const readSample = (folder: string, file: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(folder, "samples", file), "utf8")) as Readonly<Record<string, unknown>>;

/** What the command ends with: `folder` is where the bundle is now, `out` where it will be. */
export function madeOf(folder: string, out: string, chain: Chain, { plan, notes }: BundleMade): Made {
  const pinned = pinnedSchema.parse(JSON.parse(readFileSync(join(folder, "bundle.json"), "utf8")));
  const { request, response } = readSample(folder, "first.json");
  const body = JSON.stringify(request);
  const place = shownPath(out);
  const sent = body.length > LONGEST_BODY ? quotedPath(`@${join(place, "row.json")}`) : quoted(body);
  const answer = JSON.stringify(response);
  return {
    ok: true,
    folder: place,
    name: plan.name,
    python: plan.python,
    packages: pinned.lock.packages,
    predictor: placeOf(chain.predictor),
    transformers: chain.transformers.map(placeOf),
    inputs: plan.inputs.map((input) => input.name),
    outputs: Object.keys(plan.outputs),
    notes,
    serve: `npx picklepod serve ${quotedPath(place)}`,
    curl: `curl -X POST localhost:8080/predict -H 'content-type: application/json' -d ${sent}`,
    answer: answer.length > LONGEST_ANSWER ? undefined : answer,
  };
}

const placeOf = ({ file, key }: Chain["predictor"]): Chain["predictor"] => ({ file, key });

/** For a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const quotedPath = (path: string): string => (/^[\w./@+-]+$/.test(path) ? path : quoted(path));
