import { closeSync, mkdtempSync, openSync, readFileSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LogWrites } from "./log-writes";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const file = join(mkdtempSync(join(tmpdir(), "log-writes-")), "log");
const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

let fd: number;
beforeEach(() => (fd = openSync(file, "w")));
afterEach(() => {
  closeSync(fd);
});

describe("the log's way out", () => {
  it("writes lines in their order, within a moment", async () => {
    const writes = new LogWrites(fd);
    writes.write("one\n");
    writes.write("two\n");
    await pause(300);
    expect(readFileSync(file, "utf8")).toBe("one\ntwo\n");
  });

  it("writes many at once, and none twice", async () => {
    const sizes: number[] = [];
    const writes = new LogWrites(fd, (to, bytes, done) => {
      sizes.push(bytes.length);
      write(to, bytes, done);
    });
    const lines = Array.from({ length: 1_000 }, (_, i) => `${"x".repeat(95)}${1_000 + i}\n`);
    for (const line of lines) writes.write(line);
    await pause(300);
    expect(readFileSync(file, "utf8")).toBe(lines.join(""));
    expect(sizes.length).toBeLessThan(10);
  });

  it("ends with what is left", () => {
    const writes = new LogWrites(fd);
    writes.write("the last\n");
    writes.end();
    expect(readFileSync(file, "utf8")).toBe("the last\n");
  });

  it("goes on where part of a write was taken, and where the other side was busy", async () => {
    const busy = Object.assign(new Error("EAGAIN"), { code: "EAGAIN" });
    let calls = 0;
    const writes = new LogWrites(fd, (to, bytes, done) => {
      calls += 1;
      if (calls === 1) done(busy, 0);
      else write(to, bytes.subarray(0, 3), done);
    });
    writes.write("12345678\n");
    await pause(500);
    expect(readFileSync(file, "utf8")).toBe("12345678\n");
  });

  it("loses lines while the disk is full, and says how many once there is room", async () => {
    let isFull = true;
    const writes = new LogWrites(fd, (to, bytes, done) => {
      if (isFull) done(full, 0);
      else write(to, bytes, done);
    });
    writes.write("one\n");
    writes.write("two\n");
    await pause(300);
    isFull = false;
    writes.write("three\n");
    await pause(300);
    const [told, ...others] = readFileSync(file, "utf8").split("\n");
    expect(JSON.parse(told ?? "")).toEqual({
      level: 40,
      time: expect.any(Number) as number,
      msg: "2 lines of the log were lost: ENOSPC: no space left on device, write",
    });
    expect(others).toEqual(["three", ""]);
  });

  it("keeps no more than 8 MB for a reader that does not read", async () => {
    const held: (() => void)[] = [];
    const writes = new LogWrites(fd, (to, bytes, done) => {
      held.push(() => {
        write(to, bytes, done);
      });
    });
    const line = `${"x".repeat(9_999)}\n`;
    for (let i = 0; i < 1_000; i += 1) writes.write(line);
    for (let i = 0; i < 3; i += 1) {
      held.pop()?.();
      await pause(200);
    }
    const written = readFileSync(file, "utf8");
    expect(written).toContain('lines of the log were lost: nobody reads it"');
    expect(written.length).toBeLessThan(8_100_000);
  });

  it("ends at once where the disk is full", () => {
    const device = openSync("/dev/full", "w");
    try {
      const writes = new LogWrites(device);
      writes.write("nobody will see this\n");
      const begun = performance.now();
      writes.end();
      expect(performance.now() - begun).toBeLessThan(500);
    } finally {
      closeSync(device);
    }
  });
});
