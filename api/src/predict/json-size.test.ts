import { beyond, SHORT_BYTES } from "./json-size";

const bounds = { rows: 2, rowDepth: 1, containers: 6 };

test.each([
  ["[{},{}]", undefined],
  ["[{},{},{}]", "rows"],
  ["[[],[],[]]", "rows"],
  ['{"x0": {}, "x1": [], "x2": {}, "x3": []}', "rows"],
  ['[{"x0": [], "x1": {}}, {"x0": [], "x1": []}]', "containers"],
  ['[{"x0": "{{{{{{ \\" [[["}, {"x0": "\\\\"}]', undefined],
  ['["no end {{{{', undefined],
  ["", undefined],
])("%s goes beyond %s", (json, expected) => {
  expect(beyond(bounds, Buffer.from(json))).toBe(expected);
});

test("keyed rows stand one level deeper", () => {
  const json = Buffer.from('{"candidates": {"a": {}, "b": {}, "c": {}}}');
  expect(beyond({ ...bounds, rowDepth: 2 }, json)).toBe("rows");
  expect(beyond({ ...bounds, rowDepth: 2, rows: 3 }, json)).toBeUndefined();
});

test("a text of 60 MB is refused at little cost", () => {
  const json = Buffer.from(`[${"{},".repeat(20_000_000)}{}]`);
  const started = performance.now();
  expect(beyond({ rows: 10_000, rowDepth: 1, containers: 1_000_000 }, json)).toBe("rows");
  expect(performance.now() - started).toBeLessThan(150);
});

describe("values", () => {
  const bounds = (most: number, inputs = 1) => ({
    rows: 1_000_000,
    rowDepth: 2,
    containers: 1_000_000,
    values: { most, inputs, address: "/models/mine/predictions" },
  });
  const MOST = 40_000;
  const places = (count: number) => Array.from({ length: count }, (_, i) => `"${i}-${"x".repeat(8)}":0`).join(",");

  test.each([
    ["at the depth of rows", (count: number) => `{"rows": {${places(count)}}}`, 2],
    ["in the envelope", (count: number) => `{${places(count)}}`, 1],
    ["in a row", (count: number) => `{"rows": {"a": {${places(count)}}}}`, 3],
    ["in a cell", (count: number) => `{"rows": {"a": {"x0": {${places(count)}}}}}`, 4],
    ["in a list", (count: number) => `{"rows": {"a": ["${"x".repeat(SHORT_BYTES)}"${",0".repeat(count - 1)}]}}`, 3],
  ])("are bounded %s", (_, bodyOf, containers) => {
    expect(beyond(bounds(MOST), Buffer.from(bodyOf(MOST - containers + 1)))).toBeUndefined();
    expect(beyond(bounds(MOST), Buffer.from(bodyOf(MOST - containers + 2)))).toBe("values");
  });

  test("are not those that stand inside of a text", () => {
    const json = Buffer.from(`{"rows": {"a": {"x0": "${',{\\"'.repeat(SHORT_BYTES)}"}}}`);
    expect(beyond(bounds(MOST), json)).toBeUndefined();
  });

  test("of a row are all of its inputs, whether it has them or not", () => {
    const rows = (count: number) =>
      Buffer.from(`{"rows": {${Array.from({ length: count }, (_, i) => `"${i}": {}`).join(",")}}}`);
    expect(beyond(bounds(53_000, 3_000), rows(17))).toBeUndefined();
    expect(beyond(bounds(53_000, 3_000), rows(18))).toBe("values");
    expect(beyond({ ...bounds(53_000, 3_000), rows: 17 }, rows(18))).toBe("rows");
  });

  test("of one row may be as many as a bundle has inputs", () => {
    expect(beyond(bounds(5, 5), Buffer.from('{"rows": {"a": {"x0": 0, "x1": 1}}}'))).toBeUndefined();
  });

  test("of 30 MB are refused at little cost", () => {
    const json = Buffer.from(`{"rows": {${places(1_500_000)}}}`);
    const started = performance.now();
    expect(beyond(bounds(MOST), json)).toBe("values");
    expect(performance.now() - started).toBeLessThan(150);
  });
});
