import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";
import { acceptsJson, ownErrorFor } from "./accept";
import { nativeRoute } from "./model";

const accepting = (accept?: string): IncomingMessage =>
  ({ headers: accept === undefined ? {} : { accept } }) as unknown as IncomingMessage;

it.each([
  undefined,
  "",
  " ",
  "*/*",
  "application/json",
  "APPLICATION/JSON",
  "application/*",
  "application/json; charset=utf-8",
  "text/html, application/xhtml+xml, */*;q=0.8",
  "application/problem+json",
  "text/html;q=1, application/json;q=0.001",
  "application/json;q=0.5, */*;q=0",
  'text/html;x="a\\"b;q=0", application/json',
])("Accept: %s takes JSON", (accept) => {
  expect(() => {
    acceptsJson(accepting(accept));
  }).not.toThrow();
});

it("of thousands of media types the first are read, and the others mean nothing", () => {
  const others = Array.from({ length: 63 }, (_, i) => `text/x${i}`).join(",");
  expect(() => {
    acceptsJson(accepting(`${others},application/json`));
  }).not.toThrow();
  expect(() => {
    acceptsJson(accepting(`${others},text/html,application/json`));
  }).toThrow(Problem);
});

it.each([
  "text/html",
  "application/jsonx",
  "application/json;q=0",
  "application/json; q=0.000",
  "application/json;q=0, application/problem+json;q=0, */*",
  "application/*;q=0, */*;q=0",
  "application/json;Q=0",
  "json",
  ";q=1",
])("Accept: %s does not, which is told with what to send", (accept) => {
  expect(() => {
    acceptsJson(accepting(accept));
  }).toThrow(
    new Problem("not-acceptable", {
      detail: `Answers are application/json; you accept ${accept}. With curl: -H 'accept: application/json'.`,
    }),
  );
});

it("gives the same verdicts where more kinds of Accept came than are kept in mind", () => {
  for (let i = 0; i < 200; i += 1) {
    expect(() => {
      acceptsJson(accepting(`text/x${i}`));
    }).toThrow(Problem);
    acceptsJson(accepting(`text/x${i}, */*`));
  }
});

describe("a contract's own error", () => {
  const route = { ...nativeRoute, errors: { status: 400, body: { error: "wrong" } } };
  const problem = new Problem("invalid-rows", { detail: "wrong" });
  it.each([
    [undefined, { status: 400, body: '{"error":"wrong"}' }],
    ["*/*", { status: 400, body: '{"error":"wrong"}' }],
    ["application/problem+json;q=0, */*", { status: 400, body: '{"error":"wrong"}' }],
    ["application/problem+json", undefined],
    ["Application/Problem+JSON;q=0.1, application/json", undefined],
  ])("to Accept: %s is %j", (accept, own) => {
    expect(ownErrorFor(route, problem, accepting(accept))).toEqual(own);
  });
});
