/**
 * npm run test:real: bundles made of artifacts that others pickled, by a manifest and by `init`, answer every request of
 * requests.jsonl on the native route. Every answer equals the reference, computed in a process of its own, to the bit, and expected.jsonl within the
 * distance that its README names.
 */
import { ask, json } from "../../src/check/ask";
import { isRowOf, type Outputs, referenceOutputs } from "../reference-outputs";
import { absence, isSharedThere, realNames } from "../shared-material";
import { type Listening, startReady } from "../start-picklepod";
import { type ExpectedRequest, farFromExpected } from "./expected";
import { initRealBundle, jsonLines, pinRealBundle, type RealRequest, realRequests } from "./real-bundle";

type Prediction = Readonly<Record<string, unknown>>;

const print = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};
const counts = { passed: 0, failed: 0 };

function check(what: string, faults: readonly string[]): void {
  counts[faults.length === 0 ? "passed" : "failed"] += 1;
  if (faults.length > 0) print(`FAILED ${what}\n  ${faults.slice(0, 5).join("\n  ")}`);
}

async function testBundle(name: string, folder: string): Promise<void> {
  const picklepod = await startReady({ models: [folder], env: { REQUEST_TIMEOUT_MS: "10000" } });
  try {
    const requests = realRequests(name);
    const good = requests.filter(({ ok }) => ok);
    const rows = await testGood(name, folder, picklepod, good);
    for (const request of requests.filter(({ ok }) => !ok)) await testBad(name, picklepod, request);
    print(
      `${name}: ${good.length} requests with ${rows} rows answered, ${requests.length - good.length} bad ones refused`,
    );
  } finally {
    await picklepod.stop();
  }
}

async function testGood(
  name: string,
  folder: string,
  { url }: Listening,
  requests: readonly RealRequest[],
): Promise<number> {
  const rows = requests.flatMap((request) => request.rows);
  const { blocks } = json(await ask(`${url}/models/${name}`)) as { blocks: Record<string, string> };
  const reference = await referenceOutputs(
    folder,
    rows.map((row) => JSON.stringify(row)),
    blocks,
  );
  const expected = new Map(jsonLines<ExpectedRequest>(name, "expected.jsonl").map((line) => [line.id, line]));
  const predicted: Prediction[] = [];
  let first = 0;
  for (const request of requests) {
    const predictions = await predict(name, url, request);
    predicted.push(...predictions);
    check(`${request.id}: the reference's bits`, notTheReference(request, predictions, reference, first));
    check(`${request.id}: expected.jsonl`, farFromExpected(name, predictions, expected.get(request.id)));
    first += request.rows.length;
  }
  check(`${name}: a row has the same bits in every request it is in`, differingTwins(rows, predicted));
  if (name === "flight-delay") {
    const flights = new Set(rows.map((row) => JSON.stringify([row["OPERA"], row["TIPOVUELO"], Number(row["MES"])])));
    check("all 552 flights", flights.size === 552 ? [] : [`${flights.size} of 552 were asked for`]);
  }
  return predicted.length;
}

async function predict(name: string, url: string, { id, rows }: RealRequest): Promise<Prediction[]> {
  const body = JSON.stringify(rows.length === 1 ? rows[0] : rows);
  const answer = await ask(`${url}/models/${name}/predictions`, { body });
  if (answer.status !== 200) {
    check(`${id}: 200`, [`${answer.status}: ${answer.text.slice(0, 1_000)}`]);
    return [];
  }
  const { predictions } = json(answer) as { predictions: Prediction[] };
  if (id === "B-x5-unknown") {
    const unknown = answer.headers["picklepod-unknown-categories"];
    check(`${id}: the answer says that it has an unknown category`, unknown === "x5=1" ? [] : [String(unknown)]);
  }
  return predictions;
}

function notTheReference(
  { rows }: RealRequest,
  predictions: readonly Prediction[],
  reference: Outputs,
  first: number,
): string[] {
  return rows.flatMap((_, i) => {
    const prediction = predictions[i];
    if (prediction && isRowOf(reference, first + i, prediction)) return [];
    const values = Object.entries(reference).map(([output, all]) => [output, all[first + i]] as const);
    return [`row ${i}: ${JSON.stringify(prediction)} in place of ${JSON.stringify(Object.fromEntries(values))}`];
  });
}

/** The same row stands in several requests, alone and among others. */
function differingTwins(rows: RealRequest["rows"], predictions: readonly Prediction[]): string[] {
  const seen = new Map<string, string>();
  return rows.flatMap((row, i) => {
    const [key, text] = [JSON.stringify(row), JSON.stringify(predictions[i])];
    const before = seen.get(key) ?? text;
    seen.set(key, before);
    return before === text ? [] : [`${text} and ${before}`];
  });
}

/** A problem that names the fault: the row's column, what was received and what is allowed. */
async function testBad(name: string, { url }: Listening, { id, rows }: RealRequest): Promise<void> {
  const answer = await ask(`${url}/models/${name}/predictions`, { body: JSON.stringify(rows[0]) });
  const problem = json(answer) as { type?: string; errors?: { detail: string; pointer: string }[] };
  const [fault, ...more] = problem.errors ?? [];
  const isNamed =
    answer.status === 422 &&
    answer.headers["content-type"] === "application/problem+json" &&
    problem.type === "urn:picklepod:problem:invalid-rows" &&
    more.length === 0 &&
    /^#\/\w+$/.test(fault?.pointer ?? "") &&
    /^\w+ is .+; allowed: .+\.$/.test(fault?.detail ?? "");
  check(`${id}: a problem that names the fault`, isNamed ? [] : [`${answer.status}: ${answer.text}`]);
  print(`  ${id}: ${fault?.pointer ?? ""} ${fault?.detail.slice(0, 100) ?? answer.text}`);
}

const WAYS = [
  ["by the manifest that a person wrote", pinRealBundle],
  ["by what init made of the files alone", initRealBundle],
] as const;

async function main(): Promise<void> {
  if (!isSharedThere) {
    print(`NOT TESTED, AND NOTHING IS KNOWN OF REAL ARTIFACTS: ${absence}`);
    if (process.env["ALLOW_NO_SHARED"] !== "1") counts.failed += 1;
  } else {
    for (const name of realNames) {
      for (const [how, make] of WAYS) {
        print(`${name}, ${how}`);
        await make(name)
          .then((folder) => testBundle(name, folder))
          .catch((error: unknown) => {
            check(`${name}, ${how}`, [String((error as Error).stack)]);
          });
      }
    }
  }
  print(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

void main();
