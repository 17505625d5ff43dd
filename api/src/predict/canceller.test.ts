import { Canceller } from "./canceller";

it("tells its listeners once, with the first reason", () => {
  const canceller = new Canceller();
  const told: unknown[] = [];
  canceller.addEventListener("abort", () => told.push(canceller.reason));
  expect([canceller.aborted, canceller.reason]).toEqual([false, undefined]);
  canceller.abort("late");
  canceller.abort("gone");
  expect([canceller.aborted, canceller.reason, told]).toEqual([true, "late", ["late"]]);
});

it("tells nothing to who has left", () => {
  const canceller = new Canceller();
  const listener = jest.fn();
  canceller.addEventListener("abort", listener);
  canceller.removeEventListener("abort", listener);
  canceller.abort("late");
  expect(listener).not.toHaveBeenCalled();
});
