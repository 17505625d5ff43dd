import { Problem } from "../problems";
import { parseBody } from "./parse-body";

const parse = (text: string | Buffer, type?: string): unknown =>
  parseBody(Buffer.from(text as string), type, { rows: 1_000_000, rowDepth: 1, containers: 10_000_000 });

function problemOf(body: string | Buffer, type?: string): Problem | undefined {
  try {
    parse(body, type);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  return undefined;
}

function refused(body: string | Buffer, type?: string): [string, string] {
  const problem = problemOf(body, type);
  if (problem) return [problem.problemName, problem.message];
  throw new Error("it was read");
}

it.each([
  [undefined],
  ["application/json"],
  ["Application/JSON"],
  ["application/json; charset=utf-8"],
  ["application/json;charset=UTF8"],
  ['application/json; charset="utf-8"; x=y'],
])("reads JSON sent as %s", (type) => {
  expect(parse('{"a": [1, "ü"]}', type)).toEqual({ a: [1, "ü"] });
});

it.each([
  ["application/json;"],
  ['application/json ; x="a;charset=latin1"'],
  ["application/json;charset=utf-8;charset=utf-16"],
])("reads a media type's parameters as RFC 9110 has them: %s", (type) => {
  expect(parse("{}", type)).toEqual({});
});

it.each([
  "text/plain",
  "application/json, application/json",
  'application/json; charset="utf-16"',
  "constructor",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "",
  "application/json; charset=utf-16",
  "application/json; charset=latin1",
  "application/jsonx",
])("refuses what is sent as %j, and says what to send", (type) => {
  expect(refused("{}", type)).toEqual([
    "unsupported-media-type",
    `The body is sent as ${type}; send application/json in UTF-8. With curl: -H 'content-type: application/json'.`,
  ]);
});

it.each<[string, Buffer, string | RegExp]>([
  ["nothing", Buffer.alloc(0), "The body is empty; send a JSON object or a list of them."],
  ["blanks", Buffer.from("  "), /^The body is not JSON: .*\.$/],
  ["half an object", Buffer.from('{"a": 1'), /^The body is not JSON: .*\.$/],
  ["NaN", Buffer.from('{"a": NaN}'), /^The body is not JSON: .*\.$/],
  ["two values", Buffer.from("{}{}"), /^The body is not JSON: .*\.$/],
  ["a byte that is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), "The body is not UTF-8."],
  ["half a character", Buffer.from([0x22, 0xc3, 0x22]), "The body is not UTF-8."],
  ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "The body is not UTF-8."],
  ["UTF-16", Buffer.from('\ufeff{"a":1}', "utf16le"), "The body is not UTF-8."],
])("refuses %s", (_, body, message) => {
  expect(refused(body)).toEqual(["malformed", expect.stringMatching(message)]);
});

it("passes over a byte order mark", () => {
  expect(parse('\ufeff{"a": 1}')).toEqual({ a: 1 });
});

it("quotes no more than a line of a body that is not JSON", () => {
  expect(refused(`{"a": ${"x".repeat(10_000)}}`)[1].length).toBeLessThan(250);
});

it("reads or refuses what is nested a million deep, and fails at neither", () => {
  const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  const outcome = (() => {
    try {
      return Array.isArray(parse(deep)) ? "read" : "";
    } catch (error) {
      return (error as Problem).problemName;
    }
  })();
  expect(["read", "malformed"]).toContain(outcome);
});

it("refuses a key that an object gives again, and points at each", () => {
  const body = Buffer.from('[{"x": 1, "when": "09:30"}, {"x": 1, "y": 2, "\\u0078": 3}]');
  const faults = [{ detail: '"x" is given more than once; give it once.', pointer: "#/1/x" }];
  expect(refused(body)).toEqual(["malformed", "The body gives a key more than once: errors says where."]);
  expect(problemOf(body)?.members.faults).toEqual(faults);
});

/** What reaches the validator of numbers that JSON writes and float64 does not hold: only what the text itself says. */
it.each([
  ["1e999", Infinity],
  ["-1e999", -Infinity],
  ["-0", -0],
  ["-0.0", -0],
  ["5e-324", 5e-324],
  ["2.2250738585072011e-308", 2.225073858507201e-308],
  ["9007199254740993", 9007199254740992],
  ["1".repeat(1_000_000), Infinity],
])("reads the number %p", (text, value) => {
  expect(parse(`[${text}]`)).toEqual([value]); // which tells -0 from 0
});

it("keeps __proto__ as a key like others", () => {
  const row = parse('{"__proto__": {"x1": 5}, "constructor": 1}') as Record<string, unknown>;
  expect(Object.keys(row)).toEqual(["__proto__", "constructor"]);
  expect(row["x1"]).toBeUndefined();
});
