import assert from "node:assert/strict";
import { test } from "node:test";

import { asOne, processesFor } from "./several-loads.mjs";

test("there are as many processes as hold all who may wait, and no fewer than cores", () => {
  const processes = (rate, cores, kept) => processesFor({ rate, patienceMs: 2_000, kept }, cores, 20_000);
  assert.equal(processes(1_000, 1), 1);
  assert.equal(processes(1_000, 2), 2);
  assert.equal(processes(10_001, 1), 2);
  assert.equal(processes(10_001, 1, 256), 1);
  assert.equal(processes(1_000_000, 1), 4);
});

test("the times of all processes run from the first's beginning", () => {
  const late = { begun: 1_030, lagP99: 9, samples: [[0, 5, 200, true]] };
  const early = { begun: 1_000, lagP99: 4, samples: [[10, 5, 503, true]] };
  assert.deepEqual(asOne([late, early]), {
    lagP99: 9,
    samples: [
      [30, 5, 200, true],
      [10, 5, 503, true],
    ],
  });
});
