import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "./lock-file";
import { processStart } from "./process-start";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "picklepod-lock-"));
  path = join(folder, "one.lock");
});
afterEach(() => rm(folder, { recursive: true }));

const heldBy = (holder: object) =>
  writeFile(
    path,
    JSON.stringify({ pid: process.pid, start: processStart(process.pid), host: hostname(), token: "other", ...holder }),
  );
const quick = { pollMs: 5 };
const soon = () => ({ ...quick, signal: AbortSignal.timeout(60) });

describe("a lock", () => {
  it("lets one in at a time, and is gone afterwards", async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async () => {
      most.push((inside += 1));
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, work, quick)));
    expect(most).toEqual(Array(8).fill(1));
    expect(await readdir(folder)).toEqual([]);
  });

  it("is let go when the work fails", async () => {
    await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock(path, () => Promise.resolve("yes"))).toBe("yes");
  });

  it("of a running process is waited for, which is told once", async () => {
    const told: number[] = [];
    await heldBy({});
    const waiting = withLock(path, () => Promise.resolve("mine"), { ...quick, onWait: (pid) => told.push(pid) });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await rm(path);
    expect(await waiting).toBe("mine");
    expect(told).toEqual([process.pid]);
  });

  it("is not waited for any longer than the caller wants", async () => {
    await heldBy({});
    await expect(withLock(path, () => Promise.resolve("mine"), soon())).rejects.toThrow(/timeout/);
  });

  it.each([
    ["of a process that is gone", { pid: 999_999_999 }],
    ["whose pid now is another process's", { start: "long ago" }],
  ])("%s is broken", async (_, holder) => {
    await heldBy(holder);
    expect(await withLock(path, () => Promise.resolve("mine"), soon())).toBe("mine");
  });

  it("that is damaged is broken", async () => {
    await writeFile(path, "");
    expect(await withLock(path, () => Promise.resolve("mine"), soon())).toBe("mine");
  });

  it("of another machine counts until it is old", async () => {
    await heldBy({ host: "another", pid: 999_999_999 });
    await expect(withLock(path, () => Promise.resolve("mine"), soon())).rejects.toThrow(/timeout/);
    await utimes(path, 0, 0);
    expect(await withLock(path, () => Promise.resolve("mine"), soon())).toBe("mine");
  });

  it("that is stale lets in one of many", async () => {
    await heldBy({ pid: 999_999_999 });
    let inside = 0;
    const work = async () => {
      expect((inside += 1)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, work, quick)));
  });
});
