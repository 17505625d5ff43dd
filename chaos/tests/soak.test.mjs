import assert from "node:assert/strict";
import test from "node:test";

import { planOf } from "../soak/run-soak.mjs";
import { MINUTES, soak } from "./soak.mjs";

test("it is waited for as long as it takes, and more", () => {
  const { seconds, warmSeconds, refillSeconds } = planOf({ minutes: MINUTES });
  assert.ok(soak.patienceMs > (seconds + warmSeconds + refillSeconds + 300) * 1000);
});
