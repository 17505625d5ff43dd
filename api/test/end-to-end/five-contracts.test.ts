import { readSamples } from "../../src/pin/sample-rows";
import { type Answer, ask, json } from "../../src/check/ask";
import { bundleFolder } from "../bundles";
import { type Listening, startReady } from "../start-picklepod";
import { synthetic } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** What present clients of the five systems see: status, content type and body, to the letter. */
let picklepod: Listening;
beforeAll(async () => {
  picklepod = await startReady({ models: ["all"], env: { REQUEST_TIMEOUT_MS: "10000" } });
});
afterAll(() => picklepod.stop());

const at = (path: string): string => `${picklepod.url}/models/${path}`;
const post = (path: string, body: unknown, headers = {}): Promise<Answer> =>
  ask(at(path), { body: typeof body === "string" ? body : JSON.stringify(body), headers });
const seen = ({ status, headers, text }: Answer) => ({ status, type: headers["content-type"], text });
const sample = (bundle: string, file: string): Record<string, unknown> =>
  readSamples(bundleFolder(bundle)).get(file)?.request as Record<string, unknown>;
const ok = (text: string) => ({ status: 200, type: "application/json", text });

/** A problem: its status, its name, and its faults as `pointer: detail`. */
function problem(answer: Answer) {
  const { type, errors = [] } = json(answer) as { type: string; errors?: { detail: string; pointer: string }[] };
  return {
    status: answer.status,
    type: answer.headers["content-type"],
    name: type,
    faults: errors.map(({ detail, pointer }) => `${pointer}: ${detail}`),
  };
}
const malformed = {
  status: 400,
  type: "application/problem+json",
  name: "urn:picklepod:problem:malformed",
  faults: [],
};
const invalid = (...faults: unknown[]) => ({
  status: 422,
  type: "application/problem+json",
  name: "urn:picklepod:problem:invalid-rows",
  faults,
});
const wrongMethod = {
  status: 405,
  type: "application/problem+json",
  name: "urn:picklepod:problem:method-not-allowed",
  faults: [],
};

describe("A · job-transition", () => {
  type Candidates = Record<string, Record<string, unknown>>;
  const candidates = (): Candidates =>
    (JSON.parse(synthetic("job-transition", 3, 5, "--keyed")) as { candidate_info: Candidates }).candidate_info;
  const changed = (change: Record<string, unknown>): Candidates =>
    Object.fromEntries(Object.entries(candidates()).map(([id, row]) => [id, { ...row, ...change }]));
  const ask3 = (route: string, candidate_info: unknown) => post(`job-transition/${route}`, { candidate_info });

  it("predict answers with the text of a Python dict, and the seconds it took", async () => {
    const answer = await ask3("predict", candidates());
    expect(seen(answer)).toEqual(
      ok(
        expect.stringMatching(
          /^\{"output":"\{'10124_CAND-118934': True, '10125_CAND-118941': True, '10126_CAND-118948': True\}","time":\d+(\.\d+)?(e-\d+)?\}$/,
        ) as unknown as string,
      ),
    );
  });

  it("predict_proba answers with numpy's text of each pair", async () => {
    const { output } = json(await ask3("predict_proba", candidates())) as { output: string };
    expect(output).toBe(
      "{'10124_CAND-118934': array([0.10031919, 0.89968081]), '10125_CAND-118941': array([0.25261453, 0.74738547]), " +
        "'10126_CAND-118948': array([0.40427165, 0.59572835])}",
    );
  });

  it("has the same as JSON beside it", async () => {
    const { text } = await ask3("predict.json", candidates());
    expect(text).toMatch(
      /^\{"10124_CAND-118934":\{"probability":0\.89968081015\d+,"class":true\},"10125_CAND-118941":\{"probability":0\.7473854737\d+,"class":true\},"10126_CAND-118948":\{"probability":0\.5957283498\d+,"class":true\}\}$/,
    );
  });

  it("reads features by name: the order of the keys changes nothing, nor does a target", async () => {
    const [forward, reversed, without] = await Promise.all([
      ask3("predict.json", candidates()),
      ask3("predict.json", Object.fromEntries(Object.entries(candidates()).map(([id, row]) => [id, Object.fromEntries(Object.entries(row).reverse())]))), // prettier-ignore
      ask3("predict.json", changed({ target: undefined })),
    ]);
    expect([reversed.text, without.text]).toEqual([forward.text, forward.text]);
  });

  it.each(["", "{", "[]", "{}", "null", '{"candidates":{}}', '{"candidate_info":[]}', '{"candidate_info":"all"}'])(
    "answers 400 to the body %j",
    async (body) => {
      expect(problem(await post("job-transition/predict", body))).toEqual(malformed);
    },
  );

  it.each([
    ["{}", {}, "#: There is no row: send at least one."],
    [
      "a list in place of the features",
      { "7": [1] },
      "#/candidate_info/7: The row is a list; it must be an object of columns.",
    ],
    [
      "null in place of the features",
      { "7": null },
      "#/candidate_info/7: The row is null; it must be an object of columns.",
    ],
  ])("answers 422 to %s", async (_, info, fault) => {
    expect(problem(await ask3("predict", info))).toEqual(invalid(fault));
  });

  it.each([
    [
      "an extra feature",
      { latent_var_1001_srt: 1 },
      '"latent_var_1001_srt" is not an input of this model. Did you mean latent_var_100_srt?',
      "latent_var_1001_srt",
    ],
    [
      "a missing one",
      { latent_var_7_end: undefined },
      "latent_var_7_end is missing; allowed: a number, or a string that holds one.",
      "latent_var_7_end",
    ],
    [
      "null",
      { latent_var_7_end: null },
      "latent_var_7_end is null; allowed: a number, or a string that holds one.",
      "latent_var_7_end",
    ],
    [
      "a text",
      { latent_var_7_end: "much" },
      'latent_var_7_end is "much"; allowed: a number, or a string that holds one.',
      "latent_var_7_end",
    ],
  ])("answers 422 to %s, once for each candidate", async (_, change, detail, name) => {
    const faults = ["10124_CAND-118934", "10125_CAND-118941", "10126_CAND-118948"].map((id) => `#/candidate_info/${id}/${name}: ${detail}`); // prettier-ignore
    const got = problem(await ask3("predict", changed(change)));
    expect(name === "latent_var_1001_srt" ? got.faults.length : got).toEqual(
      name === "latent_var_1001_srt" ? 3 : invalid(...faults),
    );
  });
});

describe("B · classification", () => {
  const row = () => sample("classification", "readme.json");
  const features = '"selected_features":["x12","x44","x53","x56","x58","x62","x91","x5","x31","x81"]';
  const record = (probability: string, label: number) =>
    `{"probability_positiveclass":${probability},${features},"predicted_class":${label}}`;
  const predict = (body: unknown) => post("classification/predict", body);

  it("answers a single object with a list of one", async () => {
    expect(seen(await predict(row()))).toEqual(ok(`[${record("0.8883221223", 1)}]`));
  });

  it("gives a row the same answer alone and among others, in whatever order its keys are", async () => {
    const reversed = Object.fromEntries(Object.entries(row()).reverse());
    const low = { ...row(), x58: -1, x53: -1 };
    const [alone] = JSON.parse((await predict(low)).text) as unknown[];
    const answer = await predict([row(), low, reversed]);
    const [first, second, third] = JSON.parse(answer.text) as unknown[];
    expect([first, second, third]).toEqual([JSON.parse(record("0.8883221223", 1)), alone, first]);
    expect((alone as { predicted_class: number }).predicted_class).toBe(0);
  });

  it("reads money in parentheses as negative", async () => {
    const amounts = ["($5,547.78)", "$-5,547.78", "-$5547.78", -5547.78];
    const answer = await predict(amounts.map((x12) => ({ ...row(), x12 })));
    expect(seen(answer)).toEqual(ok(`[${amounts.map(() => record("0.6270073083", 1)).join(",")}]`));
  });

  it("takes numbers in strings, and null, blanks and nan as missing", async () => {
    const { x91 } = row();
    const [number, text] = JSON.parse(
      (await predict([row(), { ...row(), x91: ` ${String(x91)} ` }])).text,
    ) as unknown[];
    expect(text).toEqual(number);
    const missing = JSON.parse(
      (await predict([null, "", "nan", "NaN", " "].map((value) => ({ ...row(), x91: value })))).text,
    ) as unknown[];
    expect(missing).toEqual(missing.map(() => missing[0]));
    expect(missing[0]).not.toEqual(number);
  });

  it.each([
    ["malformed JSON", "{"],
    ["nothing", ""],
  ])("answers 400 to %s", async (_, body) => {
    expect(problem(await predict(body))).toEqual(malformed);
  });

  it.each<[string, (readme: Record<string, unknown>) => unknown, string[]]>([
    ["an empty list", () => [], ["#: There is no row: send at least one."]],
    [
      "a missing key",
      ({ x99: _, ...rest }) => rest,
      ["#/x99: x99 is missing; allowed: a number, or a string that holds one."],
    ],
    [
      "an extra key",
      (readme) => [{ ...readme, x100: 1 }],
      ['#/0/x100: "x100" is not an input of this model. Did you mean x10?'],
    ],
    ["a number for a row", () => [5], ["#/0: The row is 5; it must be an object of columns."]],
    [
      "every fault of every row at once",
      (readme) => [
        { ...readme, x5: "blursday" },
        readme,
        { ...readme, x0: "1_000", x12: "$5.5.1", x63: true, x31: null },
      ],
      [
        '#/0/x5: x5 is "blursday"; allowed: one of "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday".',
        '#/2/x0: x0 is "1_000"; allowed: a number, or a string that holds one.',
        '#/2/x12: x12 is "$5.5.1"; allowed: a number, or money such as "$5,547.78", "($12.30)" being negative.',
        '#/2/x31: x31 is null; allowed: one of "america", "asia", "germany", "japan".',
        '#/2/x63: x63 is true; allowed: a number, or a percentage such as "36.29%".',
      ],
    ],
  ])("answers 422 to %s", async (_, body, faults) => {
    expect(problem(await predict(body(row())))).toEqual(invalid(...faults));
  });

  it("answers 405 to GET, and 415 to a body that is no JSON", async () => {
    const got = await ask(at("classification/predict"));
    expect([problem(got), got.headers.allow]).toEqual([wrongMethod, "POST, PUT"]);
    expect((await post("classification/predict", "x0=1", { "content-type": "text/html" })).status).toBe(415);
  });
});

describe("C · glm-fit", () => {
  const row = () => sample("glm-fit", "one-row.json");
  const variables =
    '"variables":["x12","x31_asia","x31_germany","x31_japan","x44","x53","x56","x58","x5_monday","x5_saturday","x5_sunday","x5_tuesday",' +
    '"x62","x81_August","x81_December","x81_February","x81_January","x81_July","x81_June","x81_March","x81_May","x81_November","x81_October","x81_September","x91"]';
  const record = (phat: string, outcome: string) => `{"phat":${phat},"business_outcome":"${outcome}",${variables}}`;

  it("answers by the row's number, with ten decimals, the outcome and the sorted variables", async () => {
    const other = { ...row(), x58: -0.5 };
    const { text } = await post("glm-fit/json", [row(), other, row()]);
    const phat = (JSON.parse(text) as Record<string, { phat: number }>)["1"]?.phat ?? NaN;
    expect(text).toBe(
      `{"0":${record("0.8412095569", "event")},"1":${record(String(phat), "not event")},"2":${record("0.8412095569", "event")}}`,
    );
    expect(phat).toBeLessThanOrEqual(0.75);
  });

  it("answers one object as a list of one", async () => {
    expect(seen(await post("glm-fit/json", row()))).toEqual(ok(`{"0":${record("0.8412095569", "event")}}`));
  });

  it("ignores other fields, and takes a percent sign and a currency", async () => {
    const { x62, x12 } = row();
    const same = { ...row(), x0: {}, remark: "not read", x62: `${String(x62)}%`, x12: String(x12).replace("$", "") };
    expect((await post("glm-fit/json", same)).text).toBe(`{"0":${record("0.8412095569", "event")}}`);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "null",
      { x12: null },
      '#/0/x12: x12 is null; allowed: a number, or money such as "$5,547.78", "($12.30)" being negative.',
    ],
    ["a missing field", { x58: undefined }, "#/0/x58: x58 is missing; allowed: a number, or a string that holds one."],
    [
      "an unknown country",
      { x31: "atlantis" },
      '#/0/x31: x31 is "atlantis"; allowed: one of "america", "asia", "germany", "japan".',
    ],
  ])("answers 422 to %s", async (_, change, fault) => {
    expect(problem(await post("glm-fit/json", [{ ...row(), ...change }]))).toEqual(invalid(fault));
  });

  it("answers 400 to what is no JSON", async () => {
    expect(problem(await post("glm-fit/json", "x5=monday"))).toEqual(malformed);
  });
});

describe("D · flight-delay", () => {
  const flight = (query: string) => ask(at(`flight-delay/prediction?${query}`));
  const months = "allowed: one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.";
  const airlines =
    /^#\/OPERA: OPERA is .+; allowed: one of "Aerolineas Argentinas", .*"Iberia", .*"United Airlines"\.$/;

  it.each([
    ["MES=1&OPERA=Iberia&TIPOVUELO=I", "1"],
    ["TIPOVUELO=N&MES=12&OPERA=Sky%20Airline", "1"],
    ["MES=3&OPERA=K.L.M.&TIPOVUELO=N", "0"],
    ["MES=03&OPERA=K.L.M.&TIPOVUELO=N", "0"],
    ["MES=7&OPERA=Gol+Trans&TIPOVUELO=I", "1"],
  ])("answers %s with a string", async (query, label) => {
    expect(seen(await flight(query))).toEqual(ok(`{"response":"${label}"}`));
  });

  it("answers many flights in one request", async () => {
    const flights = [
      { OPERA: "Iberia", TIPOVUELO: "I", MES: 1 },
      { OPERA: "K.L.M.", TIPOVUELO: "N", MES: "3" },
    ];
    expect(seen(await post("flight-delay/prediction", flights))).toEqual(ok('[{"response":"1"},{"response":"0"}]'));
  });

  it.each([
    ["OPERA=Iberia&TIPOVUELO=I", `#/MES: MES is missing; ${months}`],
    ["MES=abc&OPERA=Iberia&TIPOVUELO=I", `#/MES: MES is "abc"; ${months}`],
    ["MES=1.5&OPERA=Iberia&TIPOVUELO=I", `#/MES: MES is "1.5"; ${months}`],
    ["MES=13&OPERA=Iberia&TIPOVUELO=I", `#/MES: MES is "13"; ${months}`],
    ["MES=1&OPERA=Iberia&TIPOVUELO=Z", '#/TIPOVUELO: TIPOVUELO is "Z"; allowed: one of "I", "N".'],
    ["MES=1&TIPOVUELO=I", expect.stringMatching(airlines)],
    ["MES=1&OPERA=Nope&TIPOVUELO=I", expect.stringMatching(airlines)],
    ["MES=1&OPERA=iberia&TIPOVUELO=I", expect.stringMatching(airlines)],
    ["MES=1&OPERA=Iberia&TIPOVUELO=I&DIA=4", '#/DIA: "DIA" is not an input of this model. Remove it.'],
  ])("answers 422 to %s, and lists what is allowed", async (query, fault) => {
    expect(problem(await flight(query))).toEqual(invalid(fault));
  });

  it("answers 400 to a name that is given twice", async () => {
    expect(problem(await flight("MES=1&MES=2&OPERA=Iberia&TIPOVUELO=I"))).toEqual(malformed);
  });
});

describe("E · exercise-26", () => {
  const row = () => sample("exercise-26", "readme.json");
  const bad = { status: 400, type: "application/json", text: '{"bad":"request"}' };
  const predict = (body: unknown, headers = {}) => post("exercise-26/predict", body, headers);

  it("answers 201 with the transformed columns, the outcome and phat, in alphabetical order", async () => {
    const answer = await predict(row());
    const records = JSON.parse(answer.text) as Record<string, number>[];
    const keys = Object.keys(records[0] ?? {});
    expect({ ...seen(answer), rows: records.length }).toMatchObject({ status: 201, type: "application/json", rows: 1 });
    expect(keys).toEqual(keys.toSorted());
    expect(keys.length).toBe(27);
    expect(records[0]).toMatchObject({ x31_germany: 1, x5_monday: 1, x5_tuesday: 0, x81_October: 1 });
    expect(records[0]?.["phat"]).toBeCloseTo(0.7910118144176506, 6);
    expect([0, 1]).toContain(records[0]?.["business_outcome"]);
  });

  it("imputes what is missing, a whole row even", async () => {
    const answer = await predict([{}, { x12: "($12.30)", x63: "36.29%", x81: "October" }, row()]);
    const records = JSON.parse(answer.text) as Record<string, number>[];
    expect([answer.status, records.length]).toEqual([201, 3]);
    expect(records[0]).toMatchObject({ x5_monday: 0, x81_October: 0 });
    expect(records[2]).toEqual((JSON.parse((await predict(row())).text) as unknown[])[0]);
  });

  it.each([
    ["no JSON", "{"],
    ["an unknown column", '{"x100":1}'],
    ["what is no number", '{"x0":"zero"}'],
    ["an unknown month", '[{"x81":"Octember"}]'],
    ["an empty list", "[]"],
  ])("answers 400 with its own body to %s", async (_, body) => {
    expect(seen(await predict(body))).toEqual(bad);
  });

  it("answers with a problem instead where that is what the client accepts", async () => {
    const headers = { accept: "application/problem+json" };
    expect(problem(await predict('{"x0":"zero"}', headers))).toEqual(
      invalid('#/x0: x0 is "zero"; allowed: a number, or a string that holds one.'),
    );
    expect(problem(await predict("{", headers))).toEqual(malformed);
  });

  it("answers 405 to GET", async () => {
    expect(problem(await ask(at("exercise-26/predict")))).toEqual(wrongMethod);
  });
});
