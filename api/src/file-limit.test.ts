import { mostConnections } from "./file-limit";

const limits = (soft: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\n` +
  `Max core file size        0                    unlimited            bytes\n` +
  `Max open files            ${soft.padEnd(20)} 1048576              files\n`;

describe("how many connections may be open", () => {
  it.each([
    ["128", 64],
    ["80", 16],
    ["1024", 896],
    ["1048576", 917504],
  ])("of %s files, %s, so that the API itself always finds room", (files, connections) => {
    expect(mostConnections(limits(files))).toBe(connections);
  });

  it("any number where there is no limit, or none that can be read", () => {
    expect([mostConnections(limits("unlimited")), mostConnections("")]).toEqual([undefined, undefined]);
  });

  it("is asked for at the start where there are too few to serve anybody", () => {
    expect(() => mostConnections(limits("79"))).toThrow(
      "79 files may be open in this process; at least 80 are needed, and one more for each caller. Raise it: ulimit -n 4096",
    );
  });

  it("is read of this process", () => {
    expect(mostConnections()).toBeGreaterThan(0);
  });
});
