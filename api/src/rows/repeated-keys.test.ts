import fc from "fast-check";

import { repeatedKeys } from "./repeated-keys";

const pointers = (json: string, at?: string): string[] =>
  repeatedKeys(json, JSON.parse(json), at).map(({ pointer }) => pointer);

it.each<[string, string[]]>([
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2}', ["#/a"]],
  ['{"a":1,"a":2,"a":3}', ["#/a", "#/a"]],
  ['[{"a":1},{"a":1}]', []],
  ['[{"a":1},{"b":1,"c":2,"b":3}]', ["#/1/b"]],
  ['{"a":1,"\\u0061":2}', ["#/a"]],
  ['{"":1,"":2}', ["#/"]],
  ['{"x/y~":1,"x/y~":2}', ["#/x~1y~0"]],
  ['{"__proto__":1,"__proto__":2}', ["#/__proto__"]],
  ['{"1":1,"0":2,"1":3}', ["#/1"]],
  ['{"when":"09:30:00","then":"a:b"}', []],
  ['{"when":"09:30:00","when":"a:b"}', ["#/when"]],
  ['{"a":"\\":{","b":"\\\\","a":":"}', ["#/a"]],
  ['{"a":"\\\\\\"","b":"\\\\\\\\","\\"":0,"\\"":1}', ["#/%22"]],
  [`{"a":"${": ".repeat(1_000)}","b":{"c":1}}`, []],
  [`{"a":"${": ".repeat(1_000)}","b":{"c":1,"c":2}}`, ["#/b/c"]],
  ['{"a":":b","b" :1,"c"\n:2}', []],
  ['{"a":" : \\":","a" :1,"c"\n:2}', ["#/a"]],
  ['{"c":{"r1":{"x":1,"x":2},"r2":{"x":1}}}', ["#/c/r1/x"]],
  ['{"c":{"r1":{"x":1},"r1":{"x":1}}}', ["#/c/r1"]],
  ['[[{"a":1}],[1,{"b":{"a":1},"b":0}]]', ["#/1/1/b"]],
  ["[]", []],
  ["5", []],
  ['"a:b"', []],
  ['{"ü:€":1,"ü:€":2}', ["#/%C3%BC%3A%E2%82%AC"]],
])("%s gives again %j", (json, expected) => {
  expect(pointers(json)).toEqual(expected);
});

it("says which key it is and what to do, and where it stands in the whole body", () => {
  const json = '{"x1":1,"x1":2}';
  expect(repeatedKeys(json, JSON.parse(json), "#/17")).toEqual([
    { detail: '"x1" is given more than once; give it once.', pointer: "#/17/x1" },
  ]);
});

it("lists a hundred of many, and walks no further", () => {
  const escaped = String.raw`"\u0061"`; // a key that JSON.parse has to read: so its calls tell how many were
  const json = `[${`{${escaped}:1,${escaped}:2},`.repeat(10_000)}{}]`;
  const parse = jest.spyOn(JSON, "parse");
  const parsed: unknown = JSON.parse(json);
  const found = repeatedKeys(json, parsed);
  const keysRead = parse.mock.calls.length - 1;
  parse.mockRestore();
  expect([found.length, found.at(-1)?.pointer, keysRead]).toEqual([100, "#/99/a", 200]);
});

it("holds no more of what is nested a million deep than its depth", () => {
  const depth = 1_000_000;
  const json = `${'{"a":'.repeat(depth)}{"b":1,"b":2}${"}".repeat(depth)}`;
  const [found] = repeatedKeys(json, JSON.parse(json));
  expect(found?.pointer).toBe(`#${"/a".repeat(32)}`);
});

/** The slow way: an object is written as the list of its pairs, and the keys among them are compared one by one. */
type Written =
  { readonly pairs: readonly (readonly [string, Written])[] } | { readonly items: readonly Written[] } | string;

const { value } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom('"a:b"', '":"', '"a\\" :"', "1.5", "null", '"{\\"x\\":1}"', "true"),
    fc.record({ items: fc.array(tie("value"), { maxLength: 4 }) }),
    fc.record({
      pairs: fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "", "0", "ü", ":"), tie("value")), { maxLength: 5 }),
    }),
  ),
}));

function text(written: Written): string {
  if (typeof written === "string") return written;
  if ("items" in written) return `[${written.items.map(text).join(",")}]`;
  return `{${written.pairs.map(([key, held]) => `${JSON.stringify(key)}:${text(held)}`).join(" , ")}}`;
}

function repeats(written: Written): number {
  if (typeof written === "string") return 0;
  if ("items" in written) return written.items.reduce((sum, item) => sum + repeats(item), 0);
  const keys = written.pairs.map(([key]) => key);
  return keys.length - new Set(keys).size + written.pairs.reduce((sum, [, held]) => sum + repeats(held), 0);
}

it("finds as many as there are, in whatever JSON", () => {
  fc.assert(
    fc.property(value, (written) => {
      expect(pointers(text(written))).toHaveLength(Math.min(100, repeats(written)));
    }),
    { numRuns: 2_000 },
  );
});
