import { VersionTexts } from "./version-text";

test.each([
  ["1.6.1", "1.6.1"],
  ["0.24", "0.24"],
  ["1.0rc2", "1.0rc2"],
  ["1.3.dev0", "1.3.dev0"],
  ["1.0.post1", "1.0.post1"],
  ["2.1.0+cpu", "2.1.0"],
])("%s is the release %s", (text, release) => {
  const texts = new VersionTexts();
  expect(texts.read(text)).toBe(release);
  expect([...texts.none, ...texts.hostile]).toEqual([]);
});

test.each(["latest", "1.2.3.4.5.6", "123456789", "1..2", ""])("%j is none, and means no harm", (text) => {
  const texts = new VersionTexts();
  expect(texts.read(text)).toBeUndefined();
  expect(texts).toEqual(Object.assign(new VersionTexts(), { none: new Set([text]) }));
});

test.each([
  ["1.9.1\nevil @ http://127.0.0.1/evil.whl", "1.9.1\\u000aevil @ http://127.0.0.1/evil.whl"],
  ["1.9.1 @ file:///tmp/x", "1.9.1 @ file:///tmp/x"],
  ["1.9.1; import os", "1.9.1; import os"],
  ["1.9.1 --index-url x", "1.9.1 --index-url x"],
  ["1.9.1\u2028x", "1.9.1\\u2028x"],
  [`1.0/${"a".repeat(100)}`, `1.0/${"a".repeat(56)}…`],
])("%j is more than a version, and is shown as %j", (text, shown) => {
  const texts = new VersionTexts();
  expect(texts.read(text)).toBeUndefined();
  expect([...texts.hostile]).toEqual([shown]);
});

test("no more than five of a kind are kept", () => {
  const texts = new VersionTexts();
  for (let count = 0; count < 100; count++) texts.read(`x${count}`);
  expect(texts.none.size).toBe(5);
});
