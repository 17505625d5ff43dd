import assert from "node:assert/strict";
import { test } from "node:test";

import { waitingLine } from "./waiting-line.mjs";

const MANY = 100_000;

test("who came first is next, and who has left is passed over", () => {
  const line = waitingLine();
  const callers = Array.from({ length: 6 }, (_, name) => ({ name, hasLeft: [0, 1, 3].includes(name) }));
  callers.forEach(line.add);
  assert.deepEqual(
    Array.from({ length: 4 }, () => line.next()?.name),
    [2, 4, 5, undefined],
  );
});

test("an empty line can be waited in again", () => {
  const line = waitingLine();
  assert.equal(line.next(), undefined);
  line.add({ name: "late" });
  assert.equal(line.next().name, "late");
});

test("a long line keeps its order while it is forgotten", () => {
  const line = waitingLine();
  for (let name = 0; name < MANY; name += 1) line.add({ name, hasLeft: false });
  for (let name = 0; name < MANY; name += 1) assert.equal(line.next().name, name);
  assert.equal(line.next(), undefined);
});
