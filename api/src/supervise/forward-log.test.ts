import { forwardLog } from "./forward-log";

function forwarded(line: string) {
  const lines: unknown[] = [];
  const method = (level: string) => (fields: object, text: string) => lines.push([level, fields, text]);
  const log = { debug: method("debug"), info: method("info"), warn: method("warn"), error: method("error") };
  forwardLog(log, "classification")(line);
  return lines;
}

describe("a sidecar's line", () => {
  it("keeps its level and its fields, and gets the sidecar's name", () => {
    expect(forwarded('{"level":"warning","event":"proof","bundle":"b","time":1,"pid":7,"rows":64}')).toEqual([
      ["warn", { event: "proof", bundle: "b", rows: 64, sidecar: "classification" }, "proof"],
    ]);
  });

  it("has its own text where it brings one", () => {
    expect(forwarded('{"level":"error","event":"failed","message":"x.pkl is missing"}')).toEqual([
      ["error", { event: "failed", sidecar: "classification" }, "x.pkl is missing"],
    ]);
  });

  it("that is no JSON is text", () => {
    expect(forwarded("FutureWarning: {")).toEqual([["info", { sidecar: "classification" }, "FutureWarning: {"]]);
    expect(forwarded('{"half":')).toEqual([["info", { sidecar: "classification" }, '{"half":']]);
  });

  it("that is empty is none", () => {
    expect(forwarded("  ")).toEqual([]);
  });
});
