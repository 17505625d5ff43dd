import assert from "node:assert/strict";
import { test } from "node:test";

import { saysTheSame } from "./says-the-same.mjs";

const records = (probability, found) =>
  JSON.stringify([{ probability_positiveclass: probability, predicted_class: found }]);
const tensors = (id, probability) =>
  JSON.stringify({ id, outputs: [{ data: [probability] }, { data: [Number(probability >= 0.5)] }] });

test("without a wire format every byte counts", () => {
  assert.ok(saysTheSame("[1]", "[1]"));
  assert.ok(!saysTheSame("[1.0]", "[1]"));
});

test("an id of the call is no part of the answer", () => {
  assert.ok(saysTheSame(tensors("a", 0.25), tensors("b", 0.25), "mlserver"));
  assert.ok(!saysTheSame(tensors("a", 0.26), tensors("a", 0.25), "mlserver"));
});

test("the last of ten decimals may be rounded otherwise, and no other; the class may not differ", () => {
  assert.ok(saysTheSame(records(0.1234567891, 0), records(0.1234567892, 0), "records"));
  assert.ok(!saysTheSame(records(0.1234567891, 0), records(0.1234567893, 0), "records"));
  assert.ok(!saysTheSame(records(0.5, 1), records(0.5, 0), "records"));
});

test("what is no answer, or one of other rows, is not right", () => {
  for (const text of ["", "{}", "null", '{"predictions": 1}', "[]", "[null]"]) {
    assert.ok(!saysTheSame(text, records(0.5, 1), "records"), text);
  }
});
