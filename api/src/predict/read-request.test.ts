import { requestSchema } from "../bundle/contract";
import { Problem } from "../problems";
import { readRequest, rowFromQuery } from "./read-request";

const rows = requestSchema.parse({ shape: "rows" });
const query = requestSchema.parse({ shape: "query" });
const keyed = requestSchema.parse({ shape: "keyed", envelope: "candidate/info", ignore: ["target"] });

/** What was read, with the pointer of every row written out. */
function read(...[contract, sent]: Parameters<typeof readRequest>) {
  const asked = readRequest(contract, sent);
  return {
    rows: asked.rows,
    keys: asked.keys,
    pointers: asked.rows.map((_, i) => asked.pointerOf(i)),
    ignored: [...asked.ignored],
  };
}

function refused(work: () => unknown): [number, string] {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return [error.status, error.message];
    throw error;
  }
  throw new Error("it was read");
}

it("an object is one row, a list is many", () => {
  expect(read(rows, { a: 1 })).toEqual({ rows: [{ a: 1 }], keys: [], pointers: ["#"], ignored: [] });
  expect(read(rows, [{ a: 1 }, 5])).toEqual({ rows: [{ a: 1 }, 5], keys: [], pointers: ["#/0", "#/1"], ignored: [] });
  expect(read(rows, [])).toEqual({ rows: [], keys: [], pointers: [], ignored: [] });
  expect(read(rows, null).rows).toEqual([null]);
});

it("a query string is one row of texts", () => {
  expect(read(query, rowFromQuery("?MES=1&OPERA=Air%20Canada&TIPOVUELO=I"))).toEqual({
    rows: [{ MES: "1", OPERA: "Air Canada", TIPOVUELO: "I" }],
    keys: [],
    pointers: ["#"],
    ignored: [],
  });
});

it.each([
  ["", {}],
  ["?", {}],
  ["?a", { a: "" }],
  ["?a=", { a: "" }],
  ["?a=b=c", { a: "b=c" }],
  ["?a=1+2%2B", { a: "1 2+" }],
  ["?a=%C3%BC", { a: "ü" }],
  ["a=1&b=2", { a: "1", b: "2" }],
])("the query string %j is read as %j", (search, row) => {
  expect(rowFromQuery(search)).toEqual(row);
});

it("a query string may name what every object has", () => {
  expect(Object.entries(rowFromQuery("?__proto__=1&constructor=2"))).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
});

it("a name that a query string gives twice is refused", () => {
  expect(refused(() => rowFromQuery("?a=1&b=2&a=3&b=4&b=5&c=6"))).toEqual([
    400,
    "The query string gives a, b more than once; give each once.",
  ]);
});

it("of many names that are given twice, as many are told as can be read", () => {
  const many = Array.from({ length: 2_000 }, (_, i) => `name${i}`).join("&");
  const [status, detail] = refused(() => rowFromQuery(`?${many}&${many}`));
  expect([status, detail.length < 1_100]).toEqual([400, true]);
});

it("a query string of as many names as an address holds is read in little time", () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `${i.toString(36)}z`);
  const begun = performance.now();
  for (let i = 0; i < 20; i += 1) expect(Object.keys(rowFromQuery(`?${names.join("&")}`))).toHaveLength(names.length);
  expect((performance.now() - begun) / 20).toBeLessThan(15); // each name looked for among all took 20 to 60 ms
});

it.each(["?a=%zz", "?a=%", "?a=%ff", "?%C3=1", "?a=%ED%A0%80", "?a=\u00c3\u00a9"])(
  "the query string %s is not percent-encoded UTF-8, and never read as something else",
  (search) => {
    expect(refused(() => rowFromQuery(search))).toEqual([
      400,
      "The query string is not percent-encoded UTF-8. With curl: -G --data-urlencode 'name=value'.",
    ]);
  },
);

it("keyed rows keep their keys, and what the contract ignores", () => {
  expect(read(keyed, { "candidate/info": { "a/b~c": { x: 1 }, é: { x: 2 } }, more: 1 })).toEqual({
    rows: [{ x: 1 }, { x: 2 }],
    keys: ["a/b~c", "é"],
    pointers: ["#/candidate~1info/a~1b~0c", "#/candidate~1info/%C3%A9"],
    ignored: ["target"],
  });
});

it("a row's key may be one that every object has", () => {
  const sent: unknown = JSON.parse('{"candidate/info": {"__proto__": {"x": 1}, "constructor": {"x": 2}}}');
  expect(read(keyed, sent)).toMatchObject({ rows: [{ x: 1 }, { x: 2 }], keys: ["__proto__", "constructor"] });
});

it.each([[null], [[]], ["x"], [5], [{}], [{ "candidate/info": [] }], [{ "candidate/info": null }], [{ info: {} }]])(
  "keyed rows are not %j",
  (sent) => {
    expect(refused(() => read(keyed, sent))).toEqual([
      400,
      "The body must be an object with candidate/info: an object that holds each row under a key of its own.",
    ]);
  },
);

it("an envelope that every object inherits is not there until it is sent", () => {
  const inherited = requestSchema.parse({ shape: "keyed", envelope: "constructor" });
  expect(refused(() => read(inherited, {}))[0]).toBe(400);
});
