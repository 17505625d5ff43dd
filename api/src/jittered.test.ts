import { jittered } from "./jittered";

it("those refused together are told anything from the time to twice of it, as whole seconds", () => {
  expect([0, 0.5, 0.999].map((random) => jittered(4, () => random))).toEqual([4, 6, 8]);
  expect([0, 0.999].map((random) => jittered(1, () => random))).toEqual([1, 2]);
});
