import type { IncomingMessage } from "node:http";

import { Problem } from "../problems";
import { answeredAs, onErrorOf, sentAs } from "./asked";
import { isStreamed } from "./media";

const request = (headers: Record<string, string>, method = "POST", url = "/predict"): IncomingMessage =>
  ({ method, url, headers }) as unknown as IncomingMessage;

const problemOf = (work: () => unknown): string => {
  try {
    return `no problem: ${String(work())}`;
  } catch (error) {
    if (error instanceof Problem) return error.problemName;
    throw error;
  }
};

describe("how the rows are sent", () => {
  it.each([
    ["text/csv", "text/csv"],
    ["Text/CSV; charset=UTF-8; header=present", "text/csv"],
    ["application/x-ndjson", "application/x-ndjson"],
    ["application/jsonl", "application/x-ndjson"],
    ["application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"],
    ["application/json; charset=utf-8", "application/json"],
  ])("%s is %s", (type, media) => {
    expect(sentAs(request({ "content-type": type }))).toBe(media);
  });

  it("without a type a POST is JSON, and a PUT is looked at", () => {
    expect([sentAs(request({})), sentAs(request({}, "PUT"))]).toEqual(["application/json", undefined]);
  });

  it.each(["text/csv; charset=latin1", "text/plain", "application/x-www-form-urlencoded"])("%s is refused", (type) => {
    expect(problemOf(() => sentAs(request({ "content-type": type })))).toBe("unsupported-media-type");
  });
});

describe("how the answer is written", () => {
  const [json, ndjson, csv, arrow] = ["application/json", "application/x-ndjson", "text/csv", "application/vnd.apache.arrow.stream"] as const; // prettier-ignore
  it.each([
    [undefined, csv, csv],
    ["", csv, csv],
    ["*/*", arrow, arrow],
    ["text/*", ndjson, csv],
    [ndjson, csv, ndjson],
    ["application/jsonl", csv, ndjson],
    [`${json};q=0.5, ${csv}`, ndjson, csv],
    [`${csv};q=0, */*`, csv, json],
    [`text/html, ${json};q=0.9, */*;q=0.8`, csv, json],
  ] as const)("Accept: %s, rows sent as %s: %s", (accept, sent, answer) => {
    expect(answeredAs(request(accept === undefined ? {} : { accept }), sent)).toBe(answer);
  });

  it.each(["image/png", `${json};q=0`])("Accept: %s cannot be given", (accept) => {
    expect(problemOf(() => answeredAs(request({ accept }), json))).toBe("not-acceptable");
  });
});

describe("on_error", () => {
  it.each([
    ["/predict", "fail"],
    ["/predict?", "fail"],
    ["/predict?on_error=null", "null"],
    ["/predict?other=1&on_error=skip", "skip"],
    ["/predict?on_error=fail", "fail"],
  ])("%s: %s", (url, onError) => {
    expect(onErrorOf(request({}, "POST", url))).toBe(onError);
  });

  it.each(["/predict?on_error=", "/predict?on_error=ignore", "/predict?on_error=skip&on_error=null"])("%s", (url) => {
    expect(problemOf(() => onErrorOf(request({}, "POST", url)))).toBe("malformed");
  });
});

describe("what is a stream's to answer", () => {
  it.each([
    [request({ "content-type": "text/csv" }), true],
    [request({ "content-type": "application/json", accept: "application/x-ndjson" }), true],
    [request({}, "PUT"), true],
    [request({}, "POST", "/predict?on_error=skip"), true],
    [request({ "content-type": "application/json", accept: "application/json, */*" }), false],
    [request({}), false],
    [request({}, "GET", "/prediction?MES=1"), false],
  ])("%j: %s", (asked, streamed) => {
    expect(isStreamed(asked)).toBe(streamed);
  });
});
