import { Bool, Float64, tableFromArrays, tableToIPC, Table, Utf8, vectorFromArray, Int64 } from "apache-arrow";

import { Problem } from "../../problems";
import type { RowChunk, RowsMedia } from "../row-chunk";
import { chunksOfPieces, everyCut, readChunks } from "../../../test/row-chunks";
import { csv } from "./csv";

const NDJSON: RowsMedia = "application/x-ndjson";
const JSON_LIST: RowsMedia = "application/json";
const CSV: RowsMedia = "text/csv";
const ARROW: RowsMedia = "application/vnd.apache.arrow.stream";

const INPUTS = {
  x: { type: "number", null: "nan" },
  day: { type: "category", values: ["mon", "tüe"], null: "zeros" },
  note: { type: "text", null: { default: "none" } },
};
const READ: RowChunk = {
  first: 0,
  rows: 3,
  columns: {
    rows: 3,
    numbers: Float64Array.of(1.5, NaN, -0),
    codes: Int32Array.of(0, 1, -1),
    texts: [["a,b", "", "none"]],
  },
  refused: [],
  unknownCategories: new Map(),
};
const ROWS = [
  { x: 1.5, day: "mon", note: "a,b" },
  { x: null, day: "tüe", note: "" },
  { x: -0, day: null, note: null },
];
const LINES = [
  '{"x":1.5,"day":"mon","note":"a,b"}',
  '{"x":null,"day":"tüe","note":""}',
  '{"x":-0,"day":null,"note":null}',
];
const CSV_LINES = ["day,x,note", 'mon,1.5,"a,b"', 'tüe,,""', ",-0,"];
const BOM = "\ufeff";

const arrowOf = (columns: ConstructorParameters<typeof Table>[0]): Buffer =>
  Buffer.from(tableToIPC(new Table(columns), "stream"));
const ARROW_BODY = arrowOf({
  x: vectorFromArray(
    ROWS.map(({ x }) => x),
    new Float64(),
  ),
  day: vectorFromArray(
    ROWS.map(({ day }) => day),
    new Utf8(),
  ),
  note: vectorFromArray(
    ROWS.map(({ note }) => note),
    new Utf8(),
  ),
} as never);

const read = (media: RowsMedia, body: string | Buffer, more: Partial<Parameters<typeof readChunks>[0]> = {}) =>
  readChunks({ inputs: INPUTS, media, ...more }, [Buffer.from(body)]);

async function problemOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error(`no problem, but ${String(error)}`);
  return `${error.problemName}: ${error.message}`;
}

const faultsOf = (chunks: readonly RowChunk[]): string[] =>
  chunks.flatMap(({ refused }) =>
    refused.flatMap(({ row, faults }) => faults.map(({ detail, pointer }) => `${row} ${pointer} ${detail}`)),
  );

describe("rows are the same wherever the body is cut", () => {
  it.each<[string, RowsMedia, string | Buffer]>([
    ["a JSON list", JSON_LIST, `[${LINES.join(",")}]`],
    ["a JSON list with blanks and a byte order mark", JSON_LIST, `${BOM} [ ${LINES.join(" ,\r\n")}\n] \n`],
    ["lines of JSON", NDJSON, LINES.join("\n")],
    ["lines of JSON with CRLF, blank lines and a byte order mark", NDJSON, `${BOM}${LINES.join("\r\n  \r\n\r\n")}\r\n`],
    ["CSV", CSV, CSV_LINES.join("\n")],
    ["CSV with CRLF, blank lines and a byte order mark", CSV, `${BOM}${CSV_LINES.join("\r\n\r\n")}\r\n`],
    ["Arrow", ARROW, ARROW_BODY],
  ])("%s", async (_, media, text) => {
    const body = Buffer.from(text);
    for (const pieces of everyCut(body)) expect(await readChunks({ inputs: INPUTS, media }, pieces)).toEqual([READ]);
  });

  it("texts with brackets, quotes, escapes and line breaks", async () => {
    const texts = ['{[,"\\', "]}\\\\", 'say "hi"\n', "\r\n,", "é€😀", '""'];
    const inputs = { note: { type: "text" } };
    const bodies: [RowsMedia, string][] = [
      [JSON_LIST, JSON.stringify(texts.map((note) => ({ note })))],
      [NDJSON, texts.map((note) => JSON.stringify({ note })).join("\n")],
      [CSV, ["note", ...texts.map((note) => `"${note.replaceAll('"', '""')}"`)].join("\r\n")],
    ];
    for (const [media, body] of bodies) {
      for (const pieces of everyCut(Buffer.from(body))) {
        const [chunk] = await readChunks({ inputs, media }, pieces);
        expect([media, chunk?.columns.texts]).toEqual([media, [texts]]);
      }
    }
  });
});

it.each<[RowsMedia, string]>([
  [JSON_LIST, '[{"x":1},{"x":"no"},{"x":3},{"y":4},{"x":5}]'],
  [NDJSON, '{"x":1}\n{"x":"no"}\n\n{"x":3}\n{"y":4}\n{"x":5}'],
])("chunks are full but for the last, and hold the refused rows in their places: %s", async (media, body) => {
  const chunks = await read(media, body, { inputs: { x: { type: "number" } }, rowsPerChunk: 2 });
  const summary = chunks.map(({ first, rows, columns, refused }) => [
    first,
    rows,
    [...columns.numbers],
    refused.map(({ row }) => row),
  ]);
  expect(summary).toEqual([
    [0, 2, [1], [1]],
    [2, 2, [3], [3]],
    [4, 1, [5], []],
  ]);
  expect(faultsOf(chunks)).toEqual([
    '1 #/1/x x is "no"; allowed: a number, or a string that holds one.',
    "3 #/3/x x is missing; allowed: a number, or a string that holds one.",
    '3 #/3/y "y" is not an input of this model. Did you mean x?',
  ]);
});

describe("a JSON list", () => {
  it("may be one row alone, or empty", async () => {
    const inputs = { x: { type: "number" } };
    expect((await read(JSON_LIST, ' {"x": 1}\n', { inputs })).map(({ columns }) => columns.rows)).toEqual([1]);
    expect(faultsOf(await read(JSON_LIST, '{"x":"no"}', { inputs }))).toEqual([
      '0 #/x x is "no"; allowed: a number, or a string that holds one.',
    ]);
    expect(await read(JSON_LIST, " [ ] ", { inputs })).toEqual([]);
  });

  it.each([
    ["", "malformed: The body is empty; send a JSON object or a list of them."],
    ["[{}", "malformed: The body is not JSON: it ends before the list of rows does."],
    ["[{}}", "malformed: The body is not JSON: a } closes the list of rows."],
    ["[{}] 1", "malformed: The body is not JSON: something follows the list of rows."],
    ["[{},]", /^malformed: Row 1 \(counted from 0\) of the body is not JSON: /],
    ["[,{}]", /^malformed: Row 0 \(counted from 0\) of the body is not JSON: /],
    ["[{} {}]", /^malformed: Row 0 \(counted from 0\) of the body is not JSON: /],
    ["[{]]", /^malformed: Row 0 \(counted from 0\) of the body is not JSON: /],
    ['[{"x":"\u0001"}]', /^malformed: Row 0 \(counted from 0\) of the body is not JSON: /],
  ])("that is none, %j, ends the body", async (body, problem) => {
    expect(await problemOf(read(JSON_LIST, body, { inputs: { x: { type: "number", absent: "nan" } } }))).toMatch(
      problem,
    );
  });

  it("must be UTF-8", async () => {
    const body = Buffer.concat([Buffer.from('[{"x":"'), Buffer.of(0xff), Buffer.from('"}]')]);
    expect(await problemOf(read(JSON_LIST, body))).toBe("malformed: Row 0 (counted from 0) of the body is not UTF-8.");
  });
});

it("a line that is not JSON, not UTF-8 or no row is refused, and those after it are read", async () => {
  const broken = Buffer.concat([Buffer.from('{"x":1}\n{"x":\n"'), Buffer.of(0xff), Buffer.from('"\n[]\n{"x":2}\n')]);
  const chunks = await read(NDJSON, broken, { inputs: { x: { type: "number" } } });
  expect(chunks.map(({ rows, columns }) => [rows, [...columns.numbers]])).toEqual([[5, [1, 2]]]);
  expect(faultsOf(chunks).map((fault) => fault.replace(/JSON: .*/, "JSON"))).toEqual([
    "1 #/1 The line is not JSON",
    "2 #/2 The line is not UTF-8.",
    "3 #/3 The row is a list; it must be an object of columns.",
  ]);
});

describe("a row that is made of very many objects and lists", () => {
  const inputs = { x: { type: "number" } };
  const many = (unit: string): string => `[${`${unit},`.repeat(10_000)}0]`;
  const more = { inputs, maxRowBytes: 200_000 };

  it.each(["{}", "[]", '{"x":"\\"["}'])("is not parsed: %s", async (unit) => {
    const parse = jest.spyOn(JSON, "parse");
    const chunks = await read(NDJSON, `{"x":1}\n${many(unit)}\n{"x":2}`, more);
    const problem = await problemOf(read(JSON_LIST, `[{"y":${many(unit)}}]`, more));
    const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();
    expect(longest).toBeLessThan(20);
    const what = "made of more than 10000 objects and lists; a row is one object of values.";
    expect(faultsOf(chunks)).toEqual([`1 #/1 The line is ${what}`]);
    expect(chunks.map(({ columns }) => [...columns.numbers])).toEqual([[1, 2]]);
    expect(problem).toBe(`malformed: Row 0 (counted from 0) of the body is ${what}`);
  });

  it("or names is not parsed", async () => {
    const row = `{"x":1${',"y":2'.repeat(1_000_000)}}`;
    const parse = jest.spyOn(JSON, "parse");
    const chunks = await read(NDJSON, row, { inputs, maxRowBytes: 10_000_000 });
    const parsed = parse.mock.calls.length;
    parse.mockRestore();
    expect(parsed).toBe(0);
    expect(faultsOf(chunks)).toEqual([
      "0 #/0 The line is made of more than 1000000 names; a row is one object of values.",
    ]);
  });

  it("is not one whose text holds as many brackets and colons", async () => {
    const note = '{[:\\"'.repeat(100_001);
    const body = JSON.stringify({ note });
    for (const [media, text] of [
      [NDJSON, body],
      [JSON_LIST, `[${body}]`],
    ] as const) {
      // prettier-ignore
      const [chunk] = await read(media, text, { inputs: { note: { type: "text" } }, maxRowBytes: 1_000_000 });
      expect(chunk?.columns.texts).toEqual([[note]]);
    }
  });
});

describe("CSV", () => {
  const inputs = { a: { type: "number" }, b: { type: "number", absent: "nan" } };

  it.each([
    ["", "malformed: The body is empty; its first line must name the inputs."],
    ["a,a\n1,2", 'malformed: The body has two columns that are called "a"; give each once.'],
    ['a\n"1', "malformed: Row 0 (counted from 0) of the body has a quote that is never closed."],
    ['a\n1\n2"', /^malformed: Row 1 \(counted from 0\) of the body has a quote inside of a cell: /],
    ['a\n"1"2', /^malformed: Row 0 \(counted from 0\) of the body has a quote inside of a cell: /],
    ["c,b\n1,2", /^invalid-rows: 2 columns of the body are not as the model takes them; /],
  ])("%j ends the body", async (body, problem) => {
    for (const pieces of everyCut(Buffer.from(body))) {
      expect(await problemOf(readChunks({ inputs, media: CSV }, pieces))).toMatch(problem);
    }
  });

  it("whose first line is commas without end ends the body", async () => {
    const problem = await problemOf(read(CSV, ",".repeat(1_000_000), { inputs, maxRowBytes: 2_000_000 }));
    expect(problem).toBe("malformed: The body's first line names 1000001 columns; 1000000 are the most. Is it CSV?");
  });

  it("that is not UTF-8 ends the body", async () => {
    const body = Buffer.concat([Buffer.from("a\n1"), Buffer.of(0xe9), Buffer.from("\n")]);
    expect(await problemOf(read(CSV, body, { inputs }))).toMatch(/^malformed: The body is not UTF-8\. Convert it/);
  });

  it("gives the rows before what ends it", async () => {
    const given: number[] = [];
    const reading = async (): Promise<void> => {
      const pieces = [Buffer.from('a\n1\n2\n3"')];
      for await (const { rows } of chunksOfPieces({ inputs, media: CSV }, pieces)) given.push(rows);
    };
    expect(await problemOf(reading())).toMatch(/^malformed/);
    expect(given).toEqual([2]);
  });

  it("refuses a row of more or fewer cells than the header, and reads those after it", async () => {
    const chunks = await read(CSV, "b,a\n1,2\n3\n4,5,6\n7,8\n", { inputs });
    expect(chunks.map(({ columns }) => [...columns.numbers])).toEqual([[2, 1, 8, 7]]);
    expect(faultsOf(chunks)).toEqual([
      "1 #/1 The row has 1 cells, the header names 2.",
      "2 #/2 The row has 3 cells, the header names 2.",
    ]);
  });

  it("has no blank lines where a row has one cell: an empty line is its null", async () => {
    const one = { inputs: { x: { type: "number", null: "nan" } } };
    for (const pieces of everyCut(Buffer.from("\nx\n1\n\r\n3\n\n"))) {
      const chunks = await readChunks({ ...one, media: CSV }, pieces);
      expect(chunks.map(({ columns }) => [...columns.numbers])).toEqual([[1, NaN, 3, NaN]]);
    }
    for (const body of ["x\n1\n", "x\n1"]) {
      expect((await read(CSV, body, one)).map(({ columns }) => [...columns.numbers])).toEqual([[1]]);
    }
  });

  it.each([
    ["of cells", "a,b\n", ","],
    ["that is one cell", "a,b\n", "x"],
    ["that is one quoted cell", 'a,b\n"', '""'],
  ])("a row %s of which a piece comes at a time is read once", (_, start, unit) => {
    const rows = {
      next: 0,
      room: 9,
      ignored: new Set(),
      reader: { layoutOf: (keys: string[]) => ({ layout: { keys } }) },
    };
    const decoder = csv(rows as never, 2 ** 25);
    const piece = Buffer.from(unit.repeat(2_048 / unit.length));
    const looks = jest.spyOn(String.prototype, "charCodeAt");
    const units = [start, ...Array.from({ length: 64 }, () => piece)];
    for (const bytes of units) Array.from(decoder.decode(Buffer.from(bytes)));
    const looked = looks.mock.calls.length;
    looks.mockRestore();
    expect(looked).toBeLessThan(5 * 64 * 2_048);
  });

  it("may leave out what may be absent, and bring what is ignored", async () => {
    const more = { inputs, ignored: ["target"] };
    expect((await read(CSV, "target,a\nx,1\n", more)).map(({ columns }) => [...columns.numbers])).toEqual([[1, NaN]]);
    const lax = { inputs, extra: "ignore" } as const;
    expect((await read(CSV, "any,a\nx,1\n", lax)).map(({ columns }) => [...columns.numbers])).toEqual([[1, NaN]]);
  });
});

describe("Arrow", () => {
  it("refuses whole numbers beyond 2^53, and numbers that are none, in their rows alone", async () => {
    const body = arrowOf({
      a: vectorFromArray([1n, 2n ** 53n, -3n], new Int64()),
      b: vectorFromArray([1, 2, NaN], new Float64()),
    } as never);
    const chunks = await read(ARROW, body, { inputs: { a: { type: "number" }, b: { type: "number" } } });
    expect(chunks.map(({ columns }) => [...columns.numbers])).toEqual([[1, 1]]);
    expect(faultsOf(chunks)).toEqual([
      "1 #/1/a a is 9007199254740992; allowed: a number, or a string that holds one.",
      "2 #/2/b b is NaN; allowed: a number, or a string that holds one.",
    ]);
  });

  it("reads every type of column that it names", async () => {
    const body = Buffer.from(
      tableToIPC(
        tableFromArrays({
          f32: Float32Array.of(0.5, 1.5),
          u8: Uint8Array.of(1, 255),
          i16: Int16Array.of(-1, 2),
          u32: Uint32Array.of(0, 4294967295),
          word: ["b", "a"], // a dictionary
        }).assign(new Table({ flag: vectorFromArray([true, false], new Bool()) }) as never),
        "stream",
      ),
    );
    const numbers = Object.fromEntries(["f32", "u8", "i16", "u32"].map((name) => [name, { type: "number" }]));
    const inputs = { ...numbers, flag: { type: "boolean" }, word: { type: "category", values: ["a", "b"] } };
    const [chunk] = await read(ARROW, body, { inputs });
    expect(chunk?.columns).toEqual({
      rows: 2,
      numbers: Float64Array.of(0.5, 1, -1, 0, 1, 1.5, 255, 2, 4294967295, 0),
      codes: Int32Array.of(1, 0),
      texts: [],
    });
  });

  it("reads a dictionary once, however many record batches use it", async () => {
    const words = Array.from({ length: 1_000 }, (_, i) => `word ${i}`);
    const column = vectorFromArray([...words, "word 7"]); // a dictionary
    const rows = new Table({ word: column } as never).slice(1_000);
    const body = Buffer.from(tableToIPC(new Table(Array.from({ length: 50 }, () => rows.batches).flat()), "stream"));
    const reads = jest.spyOn(String.prototype, "slice");
    const chunks = await read(ARROW, body, { inputs: { word: { type: "text" } }, maxRowBytes: 100_000 });
    const slices = reads.mock.calls.length;
    reads.mockRestore();
    expect(chunks.map(({ columns }) => columns.texts)).toEqual([[Array.from({ length: 50 }, () => "word 7")]]);
    expect(slices).toBeGreaterThanOrEqual(1_000);
    expect(slices).toBeLessThan(3_000);
  });

  it.each([
    ["nothing", Buffer.alloc(0), "malformed: The body is empty; send an Arrow IPC stream."],
    ["something else", Buffer.from("a,b\n1,2\n"), "malformed: The body is no Arrow IPC stream."],
    [
      "Arrow's file format",
      Buffer.from(tableToIPC(new Table({ x: vectorFromArray([1], new Float64()) } as never), "file")),
      "malformed: The body is Arrow's file format; send an IPC stream, as pa.ipc.new_stream writes it in pyarrow.",
    ],
    ["a stream that is cut", ARROW_BODY.subarray(0, -40), "malformed: The body ends inside of a record batch."],
    [
      "another stream behind its end",
      Buffer.concat([ARROW_BODY, ARROW_BODY]),
      "malformed: Something follows the end of the Arrow stream; send one stream in a call.",
    ],
  ])("%s ends the body", async (_, body, problem) => {
    expect(await problemOf(read(ARROW, body))).toBe(problem);
  });

  it.each([
    ["the same", ["a", "b"]],
    ["another order", ["b", "a"]],
  ])("a second schema ends the body: %s", async (_, names) => {
    const numbers = { a: vectorFromArray([1], new Float64()), b: vectorFromArray([2], new Float64()) };
    const ordered = Object.fromEntries(names.map((name) => [name, numbers[name as "a" | "b"]]));
    const withoutEnd = arrowOf(numbers as never).subarray(0, -8); // as a writer leaves it that is never closed
    const inputs = { a: { type: "number" }, b: { type: "number" } };
    for (const pieces of everyCut(Buffer.concat([withoutEnd, arrowOf(ordered as never)]))) {
      expect(await problemOf(readChunks({ inputs, media: ARROW }, pieces))).toBe(
        "malformed: The Arrow stream has two schemas; send one stream in a call.",
      );
    }
  });

  it("whatever byte of it is another, the body ends with a problem or rows come of it", async () => {
    for (let at = 0; at < ARROW_BODY.length; at += 1) {
      const body = Buffer.from(ARROW_BODY);
      body[at] = (body[at] ?? 0) ^ 0x41;
      const outcome = await read(ARROW, body).catch((error: unknown) => error);
      expect(outcome instanceof Problem || Array.isArray(outcome) ? at : outcome).toBe(at);
    }
  });
});

it.each<[RowsMedia, string]>([
  [JSON_LIST, `[{"x":1},{"x":1,"note":"${"a".repeat(100)}"}]`],
  [NDJSON, `{"x":1}\n{"x":1,"note":"${"a".repeat(100)}"}\n`],
  [CSV, `x,note\n1,a\n1,"${"a".repeat(120)}`],
])("a row that is too long ends the body before it is there: %s", async (media, body) => {
  const inputs = { x: { type: "number" }, note: { type: "text", absent: { default: "" } } };
  for (const pieces of everyCut(Buffer.from(body))) {
    expect(await problemOf(readChunks({ inputs, media, maxRowBytes: 90 }, pieces))).toMatch(/^body-too-large: Row 1 /);
  }
});

describe("faults that are kept of a chunk", () => {
  const names = Array.from({ length: 40 }, (_, i) => `x${i}`);
  const inputs = Object.fromEntries(names.map((name) => [name, { type: "number" }]));
  const body = `${names.join(",")}\n${`${names.map(() => "no").join(",")}\n`.repeat(6)}`;

  it("are the first hundred, then one of each row; all are counted", async () => {
    const chunks = await read(CSV, body, { inputs });
    const kept = chunks.flatMap(({ refused }) => refused.map(({ faults, faultCount }) => [faults.length, faultCount]));
    expect(kept).toEqual([[40, 40], [40, 40], [20, 40], [1, 40], [1, 40], [1, 40]]); // prettier-ignore
    expect(faultsOf(chunks)[101]?.split(" ")[1]).toBe("#/4/x0");
  });

  it("are counted anew in the next", async () => {
    const chunks = await read(CSV, body, { inputs, rowsPerChunk: 3 });
    const kept = chunks.map(({ refused }) => refused.map(({ faults }) => faults.length));
    expect(kept).toEqual([[40, 40, 20], [40, 40, 20]]); // prettier-ignore
  });
});

describe("a row that gives a key again", () => {
  it("ends a list of rows, which is told with where it stands", async () => {
    const body = `[${LINES[0]},{"x":1,"day":"mon","\\u0078":2,"note":"a:b"},${LINES[1]}]`;
    const problem = await read(JSON_LIST, body).catch((error: unknown) => error);
    expect(problem).toEqual(expect.any(Problem));
    expect((problem as Problem).members).toEqual({
      detail: "Row 1 (counted from 0) of the body is JSON that gives a key more than once.",
      faults: [{ detail: '"x" is given more than once; give it once.', pointer: "#/1/x" }],
    });
  });

  it("is told of one row alone without a place in a list", async () => {
    await expect(read(JSON_LIST, '{"x":1,"x":2}')).rejects.toMatchObject({
      members: { faults: [{ pointer: "#/x" }] },
    });
  });

  it("is a refused line, and those around it are read", async () => {
    const [chunk] = await read(NDJSON, [LINES[0], '{"x":1,"x":2,"x":3}', LINES[1]].join("\n"));
    const fault = { detail: '"x" is given more than once; give it once.', pointer: "#/1/x" };
    expect([chunk?.rows, chunk?.columns.rows]).toEqual([3, 2]);
    expect(chunk?.refused).toEqual([{ row: 1, faults: [fault, fault], faultCount: 2 }]);
  });
});

describe("what is longer than it could be a row", () => {
  const long = 100_000;
  it.each([
    ["blanks before a body", " ".repeat(long)],
    ["blanks before a row", `[{"x":1,"day":"mon","note":""},${" ".repeat(long)}`],
    ["a text alone", `"${"x".repeat(long)}`],
    ["lists in each other", "[".repeat(long)],
  ])("%s is refused before it is as long as a row may be", async (_, body) => {
    const reading = read(JSON_LIST, body, { maxRowBytes: 1_000_000 });
    await expect(reading).rejects.toMatchObject({
      problemName: "body-too-large",
      message: expect.stringMatching(/^Row [01] \(counted from 0\) is longer than 65536 bytes/) as string,
    });
  });

  it("an object is a row, whatever stands before it", async () => {
    const [chunk] = await read(JSON_LIST, `[ \n {"x":1,"day":"mon","note":"${"x".repeat(long)}"}]`, {
      maxRowBytes: 1_000_000,
    });
    expect(chunk?.columns.rows).toBe(1);
  });
});
