import { request as open } from "node:http";
import { connect, type Socket } from "node:net";
import { readdirSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";

import type { RowsMedia } from "../../src/rows/row-chunk";
import { ARROW, CSV, JSON_LIST, NDJSON, rowsMedia } from "../../src/stream/media";
import { cellsOf, linesOf, type Row, rowsAs } from "../rows-as";
import { isAlive, type Listening, pause, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

const MODELS = ["classification", "flight-delay", "support-tickets"];
const ROWS = 700;
const rowsOf = (model: string, count = ROWS): Row[] =>
  syntheticRows(model, count, 11).map((row) => JSON.parse(row) as Row);

let picklepod: Listening;
beforeAll(async () => {
  picklepod = await startReady({ models: MODELS, env: { REQUEST_TIMEOUT_MS: "30000" } });
});
afterAll(() => picklepod.stop());

interface Streamed {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  /** Whether all of it came. */
  readonly isWhole: boolean;
}

interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

function send(
  model: string,
  body: Buffer,
  { method = "POST", headers = {}, query = "" }: Sending = {},
): Promise<Streamed> {
  const url = `${picklepod.url}/models/${model}/predictions${query}`;
  return new Promise((resolve, reject) => {
    const sent = open(url, { method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      const finish = (): void => {
        const { statusCode = 0, headers, trailers, complete } = response;
        resolve({ status: statusCode, headers, trailers, body: Buffer.concat(pieces), isWhole: complete });
      };
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("close", finish).on("error", () => undefined);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const as = (media: RowsMedia): Sending => ({ headers: { "content-type": media } });

describe.each(MODELS)("%s answers the same bits", (model) => {
  const rows = rowsOf(model);
  let right: string[][];
  beforeAll(async () => {
    right = cellsOf[JSON_LIST]((await send(model, rowsAs[JSON_LIST](rows), as(JSON_LIST))).body);
    expect(right.length).toBe(ROWS);
  });

  it.each(rowsMedia.flatMap((sent) => rowsMedia.map((accept) => [sent, accept] as const)))(
    "from %s to %s",
    async (sent, accept) => {
      const headers = { "content-type": sent, accept };
      const answer = await send(model, rowsAs[sent](rows), { headers });
      expect([answer.status, answer.isWhole]).toEqual([200, true]);
      expect(cellsOf[accept](answer.body)).toEqual(right);
      const isStream = sent !== JSON_LIST || accept !== JSON_LIST;
      if (isStream) expect(answer.trailers["picklepod-summary"]).toBe(`rows=${ROWS}, predicted=${ROWS}, refused=0`);
    },
  );

  it("by single rows beside streams of every kind", async () => {
    const singles = Array.from({ length: 24 }, (_, i) => i * 7);
    const streams = [NDJSON, CSV, ARROW].map((media) =>
      send(model, rowsAs[media as RowsMedia](rows), as(media as RowsMedia)),
    );
    const alone = await Promise.all(singles.map((i) => send(model, rowsAs[JSON_LIST]([rows[i] ?? {}]), as(JSON_LIST))));
    expect(alone.map(({ body }) => cellsOf[JSON_LIST](body)[0])).toEqual(singles.map((i) => right[i]));
    const answers = await Promise.all(streams);
    expect([NDJSON, CSV, ARROW].map((media, i) => cellsOf[media as RowsMedia](answers[i]?.body ?? Buffer.alloc(0)))).toEqual([right, right, right]); // prettier-ignore
  });
});

const late = (count: number): Row[] => rowsOf("flight-delay", count);
const wrong = { OPERA: "Iberia", MES: 13, TIPOVUELO: "I" };
const someWrong = [...late(3), wrong, ...late(2)];

it("a list without a row is refused, as it is without on_error; a table may be empty", async () => {
  const list = await send("flight-delay", Buffer.from("[]"), { ...as(JSON_LIST), query: "?on_error=fail" });
  expect(list.status).toBe(422);
  expect(JSON.parse(list.body.toString())).toMatchObject({
    errors: [{ detail: "There is no row: send at least one." }],
  });
  const rows = rowsAs[CSV](late(1));
  const table = await send("flight-delay", rows.subarray(0, rows.indexOf("\n") + 1), as(CSV));
  expect([table.status, table.trailers["picklepod-summary"]]).toEqual([200, "rows=0, predicted=0, refused=0"]);
});

describe("a row that the model does not take", () => {
  it("fails the call with on_error=fail, which is the default", async () => {
    const { status, headers, body } = await send("flight-delay", rowsAs[CSV](someWrong), as(CSV));
    expect([status, headers["content-type"]]).toEqual([422, "application/problem+json"]);
    expect(JSON.parse(body.toString())).toMatchObject({ errors: [{ pointer: "#/3/MES" }] });
  });

  it("is a line of its own with on_error=null, and left out with on_error=skip", async () => {
    const nulls = await send("flight-delay", rowsAs[NDJSON](someWrong), { ...as(NDJSON), query: "?on_error=null" });
    const lines = linesOf(nulls.body);
    expect(lines[3]).toMatchObject({ row: 3, errors: [{ pointer: "#/3/MES" }] });
    expect(lines.at(-1)).toMatchObject({ summary: { rows: 6, predicted: 5, refused: 1, model: "flight-delay" } });
    expect(nulls.trailers["picklepod-summary"]).toBe("rows=6, predicted=5, refused=1");
    const skipped = await send("flight-delay", rowsAs[CSV](someWrong), { ...as(CSV), query: "?on_error=skip" });
    expect(cellsOf[CSV](skipped.body).length).toBe(5);
  });

  it("gives nulls and says why in the last column of a table", async () => {
    const query = "?on_error=null";
    const table = cellsOf[CSV]((await send("flight-delay", rowsAs[CSV](someWrong), { ...as(CSV), query })).body);
    expect(table.map((cells) => cells.at(-1)).filter(Boolean)).toEqual([
      expect.stringMatching(/^MES is "13"; allowed:/),
    ]);
    expect(table[3]?.slice(0, -1)).toEqual(["", ""]);
    const headers = { "content-type": CSV, accept: ARROW };
    const arrow = cellsOf[ARROW]((await send("flight-delay", rowsAs[CSV](someWrong), { headers, query })).body);
    expect(arrow[3]).toEqual(["null", "null", table[3]?.at(-1)]);
  });

  it("ends an answer that has begun with the problem, and breaks it off", async () => {
    const many = [...late(20_000), wrong];
    const lines = await send("flight-delay", rowsAs[NDJSON](many), as(NDJSON));
    expect([lines.status, lines.isWhole]).toEqual([200, false]);
    expect(linesOf(lines.body).at(-1)).toMatchObject({
      problem: { status: 422, errors: [{ pointer: "#/20000/MES" }] },
    });
    const table = await send("flight-delay", rowsAs[CSV](many), as(CSV));
    expect([table.isWhole, table.body.toString().trimEnd().split("\n").at(-1)]).toEqual([
      false,
      expect.stringMatching(/^# problem: \{.*#\/20000\/MES/),
    ]);
    expect((await send("flight-delay", rowsAs[ARROW](many), as(ARROW))).isWhole).toBe(false);
  });
});

describe("what curl -T sends, which is a PUT without a type,", () => {
  it.each(rowsMedia)("is known by its first bytes: %s", async (media) => {
    const rows = late(50);
    const answer = await send("flight-delay", rowsAs[media](rows), { method: "PUT" });
    expect([answer.status, String(answer.headers["content-type"]).split(";")[0]]).toEqual([200, media]);
    expect(cellsOf[media](answer.body).length).toBe(50);
  });
});

it("gzip and zstd are taken, and gzip is given where it is asked for", async () => {
  const body = rowsAs[CSV](late(3_000));
  const right = (await send("flight-delay", body, as(CSV))).body;
  const headers = { "content-type": CSV, "content-encoding": "gzip", "accept-encoding": "gzip" };
  const packed = await send("flight-delay", gzipSync(body), { headers });
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(packed.body).equals(right)).toBe(true);
  expect(packed.trailers["picklepod-summary"]).toBe("rows=3000, predicted=3000, refused=0");
  // RFC 8878 by hand: a frame with one raw block
  const small = rowsAs[CSV](late(20));
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0, 0, 0]);
  head.writeUIntLE((small.length << 3) | 1, 6, 3);
  const zstd = await send("flight-delay", Buffer.concat([head, small]), { headers: { "content-type": CSV, "content-encoding": "zstd" } }); // prettier-ignore
  expect(cellsOf[CSV](zstd.body).length).toBe(20);
});

describe("a client that", () => {
  const socketsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
  const head = (more: string): string =>
    `PUT /models/flight-delay/predictions HTTP/1.1\r\nhost: x\r\ncontent-type: ${NDJSON}\r\n${more}\r\n\r\n`;
  const begin = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(picklepod.url).port), "127.0.0.1", () => {
        resolve(socket);
      });
      socket.on("error", () => undefined);
    });

  it("stops to read half-way and goes leaves nothing behind, and others are answered meanwhile", async () => {
    const before = socketsOf(picklepod.pid);
    const body = rowsAs[NDJSON](late(60_000));
    const sockets = await Promise.all([1, 2, 3, 4, 5, 6].map(begin));
    for (const socket of sockets) {
      socket.write(head(`content-length: ${body.length}`));
      socket.write(body);
      socket.pause();
    }
    await pause(1_500);
    const single = await send("flight-delay", rowsAs[JSON_LIST](late(1)), as(JSON_LIST));
    expect(single.status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await until(10_000, "its connections are closed", () => (socketsOf(picklepod.pid) <= before ? true : undefined));
    const again = await send("flight-delay", rowsAs[NDJSON](late(5_000)), as(NDJSON));
    expect(again.trailers["picklepod-summary"]).toBe("rows=5000, predicted=5000, refused=0");
  });

  it("sends slowly holds up nobody, and is answered as it sends", async () => {
    const [first, ...rest] = late(3).map((row) => `${JSON.stringify(row)}\n`);
    const slow = await Promise.all(Array.from({ length: 12 }, begin));
    for (const socket of slow) socket.write(head("transfer-encoding: chunked") + piece(first ?? ""));
    const answer = await send("flight-delay", rowsAs[CSV](late(2_000)), as(CSV));
    expect(answer.trailers["picklepod-summary"]).toBe("rows=2000, predicted=2000, refused=0");
    const answered = await Promise.all(
      slow.map(async (socket) => {
        let text = "";
        socket.on("data", (data: Buffer) => (text += data.toString()));
        socket.write(`${rest.map(piece).join("")}0\r\n\r\n`);
        await until(10_000, "it is answered", () => (text.includes("picklepod-summary: ") ? true : undefined));
        socket.destroy();
        return /picklepod-summary: (.*)\r/.exec(text)?.[1];
      }),
    );
    expect(answered).toEqual(slow.map(() => "rows=3, predicted=3, refused=0"));
  });

  it("goes in the middle of its body, or sends what breaks half-way, ends alone", async () => {
    const socket = await begin();
    socket.write(head("content-length: 100000") + JSON.stringify(late(1)[0]));
    await pause(200);
    socket.destroy();
    const broken = Buffer.concat([rowsAs[CSV](late(20_000)), Buffer.from('"Iberia')]);
    const answer = await send("flight-delay", broken, as(CSV));
    expect([answer.status, answer.isWhole]).toEqual([200, false]);
    expect(answer.body.toString()).toMatch(/\n# problem: \{.*urn:picklepod:problem:malformed.*\}\n$/);
    expect((await send("flight-delay", rowsAs[CSV](late(10)), as(CSV))).isWhole).toBe(true);
  });
});

const piece = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

describe("a JSON list that is too large for the event loop", () => {
  it("has the answer of its rows", async () => {
    const rows = late(6_000);
    expect(rowsAs[JSON_LIST](rows).length).toBeGreaterThan(256 * 1024);
    const whole = await send("flight-delay", rowsAs[JSON_LIST](rows), as(JSON_LIST));
    const parts = await Promise.all(
      [0, 2_000, 4_000].map((at) => send("flight-delay", rowsAs[JSON_LIST](rows.slice(at, at + 2_000)), as(JSON_LIST))),
    );
    expect(cellsOf[JSON_LIST](whole.body)).toEqual(parts.flatMap(({ body }) => cellsOf[JSON_LIST](body)));
  });

  it("has the problem that a small one has, with every fault", async () => {
    const rows = [...late(6_000), wrong, { MES: 1 }];
    const { status, body } = await send("flight-delay", rowsAs[JSON_LIST](rows), as(JSON_LIST));
    const problem = JSON.parse(body.toString()) as { errors: { pointer: string }[]; detail: string };
    expect([status, problem.detail, problem.errors.map(({ pointer }) => pointer)]).toEqual([
      422,
      expect.stringMatching(/^3 faults in 6002 rows; nothing was predicted\./),
      ["#/6000/MES", "#/6001/OPERA", "#/6001/TIPOVUELO"],
    ]);
  });
});

it("it ends when it is told to, with workers that have read", async () => {
  const ended = await startReady({ models: ["flight-delay"] });
  const url = `${ended.url}/models/flight-delay/predictions`;
  await fetch(url, { method: "PUT", body: new Uint8Array(rowsAs[CSV](late(100))) });
  expect(await ended.stop()).toEqual({ code: 0, signal: null });
  expect(isAlive(ended.pid)).toBe(false);
});
