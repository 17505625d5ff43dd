import { deserialize, serialize } from "node:v8";

import { asProblem, Problem } from "../problems";
import { Primary } from "./follow-primary";
import { answerOf } from "./reload-answer";

/** Asks as a worker does, of a primary whose reload comes to this. */
async function ask(reload: Promise<never>): Promise<unknown> {
  const before = process.listeners("message");
  const asked = new Primary().reload();
  const [hear] = process.listeners("message").filter((listener) => !before.includes(listener));
  if (hear) process.off("message", hear);
  const message: unknown = deserialize(serialize({ kind: "reloaded", asked: 1, answer: await answerOf(reload) }));
  hear?.(message, undefined);
  return asked.catch((error: unknown) => error);
}

it("a worker tells a problem of the reload as one process alone does, with its headers", async () => {
  const members = { detail: "Picklepod is ending.", headers: { "retry-after": "2" } };
  const told = (await ask(Promise.reject(new Problem("unavailable", members)))) as Problem;
  expect(told).toBeInstanceOf(Problem);
  expect([told.status, told.members]).toEqual([503, members]);
});

it("and a defect as 500, without what it says", async () => {
  const defect = await ask(Promise.reject(new Error("EACCES: /secret/model.yaml")));
  const { status, message } = asProblem(defect);
  expect([status, message.includes("secret")]).toEqual([500, false]);
  expect(defect).toMatchObject({ message: "EACCES: /secret/model.yaml" }); // the log has it
});
