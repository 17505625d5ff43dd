import { ask, json } from "../../src/check/ask";
import { type Listening, pause, startPicklepod, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

const PATH = "/models/classification/predictions";
const rows = syntheticRows("classification", 200, 17);

type Cell = string | number | boolean | null;

/** What a client counts of its own calls: by status and problem, and the rows that were predicted. */
class Counted {
  readonly calls = new Map<string, number>();
  rowsPredicted = 0;

  constructor(private readonly url: string) {}

  async send(body: string, { path = PATH, method = "POST", headers = {} } = {}): Promise<void> {
    const answer = await ask(this.url + path, { method, body, headers });
    const isPredicted = answer.status === 200;
    const { type = "" } = isPredicted ? {} : (json(answer) as { type?: string });
    const key = `${answer.status} ${type.replace("urn:picklepod:problem:", "")}`;
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
    if (!isPredicted) return;
    const isTable = body.startsWith("x0,");
    this.rowsPredicted += isTable ? body.split("\n").length - 1 : [JSON.parse(body) as unknown].flat().length;
  }
}

/** One metric's series: each by its labels but `model` and `worker`, in order. */
async function series(url: string, name: string): Promise<Map<string, number>> {
  const { text } = await ask(`${url}/metrics`);
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`));
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, labels = "", value = ""] = /^\w+\{(.*)\} (\S+)$/.exec(line) ?? [];
    const named = [...labels.matchAll(/(\w+)="([^"]*)"/g)].filter(
      ([, label]) => label !== "model" && label !== "worker",
    );
    const key = named.map(([, , is]) => is).join(" ");
    counts.set(key, (counts.get(key) ?? 0) + Number(value));
  }
  return counts;
}

const byKey = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].filter(([, count]) => count > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));

const sum = (counts: ReadonlyMap<string, number>, keys: readonly string[]): number =>
  keys.reduce((total, key) => total + (counts.get(key) ?? 0), 0);

describe("one process", () => {
  let picklepod: Listening;
  let counted: Counted;
  beforeAll(async () => {
    picklepod = await startReady({ models: ["classification"], env: { MAX_ROWS_WAITING: "150" } });
    counted = new Counted(picklepod.url);
  });
  afterAll(() => picklepod.stop());

  const bulk = `[${rows.slice(0, 100).join(",")}]`;
  const alone = rows.map((row) => () => counted.send(row));
  const refused = [
    () => counted.send("{"),
    () => counted.send('{"x0": "abc"}'),
    () => counted.send(rows[0] ?? "", { path: "/models/nobody/predictions" }),
    () => counted.send("", { method: "DELETE" }),
    () => counted.send(rows[0] ?? "", { headers: { accept: "image/png" } }),
  ];
  const all = (calls: readonly (() => Promise<void>)[]): Promise<unknown> => Promise.all(calls.map((call) => call()));

  it("counts what the client counts, sheds and faults included", async () => {
    for (const call of refused) await call(); // before there is a crowd, in which they would not even be read
    await all([...alone, ...refused]);
    await counted.send(csvOf(rows.slice(0, 50)), { method: "PUT", headers: { "content-type": "text/csv" } });
    await all(Array.from({ length: 40 }, () => () => counted.send(bulk))); // more than may wait
    const [pid = 0] = picklepod.sidecarPids();
    const dying = all([...alone, ...alone]);
    await pause(20);
    process.kill(pid, "SIGKILL");
    await dying;
    await all(alone.slice(0, 20)); // nobody there
    await until(60_000, "200 again", async () =>
      (await ask(`${picklepod.url}/readyz`)).status === 200 ? true : undefined,
    );
    await all(alone);

    const { calls, rowsPredicted } = counted;
    expect(byKey(await series(picklepod.url, "picklepod_requests_total"))).toEqual(byKey(calls));
    expect([...calls.keys()]).toEqual(
      expect.arrayContaining(["200 ", "422 invalid-rows", "503 overloaded", "503 unavailable"]),
    );
    expect((await series(picklepod.url, "picklepod_rows_total")).get("200")).toBe(rowsPredicted);
    const shed = await series(picklepod.url, "picklepod_shed_total");
    expect(sum(shed, ["work", "delay", "rows"])).toBe(calls.get("503 overloaded"));
    expect(await series(picklepod.url, "picklepod_sidecar_restarts_total")).toEqual(new Map([["", 1]]));
  });

  it("counts the cells that held nothing, by input", async () => {
    const before = await series(picklepod.url, "picklepod_imputed_total");
    const row = JSON.parse(rows[0] ?? "") as Record<string, Cell>;
    const full = Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, isEmpty(cell) ? 1 : cell]));
    await counted.send(JSON.stringify({ ...full, x0: null }));
    await counted.send(JSON.stringify([{ ...full, x0: null, x12: null }, full]));
    const after = await series(picklepod.url, "picklepod_imputed_total");
    const more = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
    expect(byKey(new Map(more))).toEqual([
      ["x0", 2],
      ["x12", 1],
    ]);
  });

  it("says what its stages took, what its sidecar uses, and that its bundle is proved", async () => {
    const stages = await series(picklepod.url, "picklepod_stage_seconds_count");
    const predicted = (await series(picklepod.url, "picklepod_requests_total")).get("200 ") ?? 0;
    expect(stages.get("shape")).toBeGreaterThanOrEqual(predicted - 1); // all but the stream
    expect([...stages.keys()]).toEqual(["read", "validate", "queue", "call", "shape"]);
    expect(await series(picklepod.url, "picklepod_model_ready")).toEqual(new Map([["", 1]]));
    const proof = await series(picklepod.url, "picklepod_model_proof");
    expect([...proof]).toEqual([[expect.stringMatching(/^(exact|other-kernel)$/), 1]]); // as this machine has it
    const [memory] = [...(await series(picklepod.url, "picklepod_sidecar_memory_bytes")).values()];
    const [cpu] = [...(await series(picklepod.url, "picklepod_sidecar_cpu_seconds_total")).values()];
    expect(memory).toBeGreaterThan(30e6);
    expect(cpu).toBeGreaterThan(0.1);
  });
});

/** As whoever writes a row may say that there is nothing. */
const isEmpty = (cell: Cell): boolean => cell === null || /^\s*(nan\s*)?$/i.test(String(cell));

/** The same rows as a table. */
function csvOf(objects: readonly string[]): string {
  const parsed = objects.map((text) => JSON.parse(text) as Record<string, Cell>);
  const names = Object.keys(parsed[0] ?? {}).toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const cell = (value: Cell = null): string => (value === null ? "" : JSON.stringify(String(value)));
  return [names.join(","), ...parsed.map((row) => names.map((name) => cell(row[name])).join(","))].join("\n");
}

describe("several processes", () => {
  let picklepod: Listening;
  beforeAll(async () => {
    picklepod = await startReady({ models: ["classification"], env: { WORKERS: "2" } });
  });
  afterAll(() => picklepod.stop());

  it("say together what each has counted, whichever is asked", async () => {
    const counted = new Counted(picklepod.url);
    await Promise.all(rows.map((row) => counted.send(row)));
    await Promise.all([counted.send("{"), counted.send('{"x0": "abc"}')]);
    for (let asked = 0; asked < 6; asked += 1)
      expect(byKey(await series(picklepod.url, "picklepod_requests_total"))).toEqual(byKey(counted.calls));
    const calls = await series(picklepod.url, "picklepod_stage_seconds_count");
    expect(calls.get("shape")).toBe(counted.calls.get("200 "));
    const { text } = await ask(`${picklepod.url}/metrics`);
    expect(text.match(/^picklepod_sidecar_memory_bytes\{.*\}/gm)).toHaveLength(1);
    expect(new Set(text.match(/worker="\d+"/g))).toEqual(new Set(['worker="0"', 'worker="1"']));
  });
});

it("METRICS=0: there is no /metrics", async () => {
  const picklepod = await startPicklepod({ models: ["classification"], env: { METRICS: "0" } });
  expect((await ask(`${picklepod.url}/metrics`)).status).toBe(404);
  await picklepod.stop();
});
