import { beyond } from "./json-size";

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
