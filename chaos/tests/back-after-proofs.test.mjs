import assert from "node:assert/strict";
import { test } from "node:test";

import { backAfterProofs } from "./back-after-proofs.mjs";

const begun = 1_000_000;
const right = (due) => [due, 5, 200, true];
const refused = (due) => [due, 5, 503, true];
/** Calls every 100 ms for so long; those of `rights` are answered. */
const calls = (forMs, isRight) =>
  Array.from({ length: forMs / 100 }, (_, i) => (isRight(i * 100) ? right(i * 100) : refused(i * 100)));
const backs = (proofs, samples, kills = []) => {
  const atDay = (times) => times.map((ms) => begun + ms);
  return backAfterProofs({ proofs: atDay(proofs), kills: atDay(kills), begun, samples });
};

test("the time runs from the proof to the first right answer", () => {
  const samples = calls(5_000, (due) => due >= 2_000);
  assert.deepEqual(backs([1_900, 3_000], samples), [105, 5]);
});

test("a right answer that came before, and a wrong one, count for nothing", () => {
  assert.deepEqual(backs([1_000], [right(900), [1_000, 5, 200, false], right(1_200), right(4_000)]), [205]);
});

test("a proof that no right answer followed counts, also behind one that was good", () => {
  const samples = calls(5_000, (due) => due < 2_500);
  assert.deepEqual(backs([1_000, 3_000], samples, [2_500]), [5, Infinity]);
});

test("a right answer behind the next kill is not this proof's", () => {
  const samples = calls(5_000, (due) => due >= 4_000);
  assert.deepEqual(backs([1_000], samples, [3_000]), [Infinity]);
});

test("where the load ended, or it was killed, before the goal was over, nothing is known", () => {
  const samples = calls(5_000, (due) => due < 1_000);
  assert.deepEqual(backs([4_600], samples), []);
  assert.deepEqual(backs([2_000], samples, [2_400]), []);
});

test("what was answered before the load ended counts", () => {
  const samples = calls(5_000, (due) => due === 4_800);
  assert.deepEqual(backs([4_700], samples), [105]);
});
