import fs from "node:fs/promises";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Bundle } from "../bundle/read-bundles";
import { copyBundleAside } from "./aside";
import { KeptBundles } from "./kept-bundles";

jest.mock("./aside");
jest.mock("node:fs/promises", () => {
  const actual = jest.requireActual<typeof fs>("node:fs/promises");
  return { ...actual, rm: jest.fn(actual.rm) };
});
const { rm } = jest.requireActual<typeof fs>("node:fs/promises");

const copying = jest.mocked(copyBundleAside);
let state: string;
let all: string;
let warned: [fields: object, text: string][];
const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, error: quiet, warn: (...said: [object, string]) => void warned.push(said) };

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "state-"));
  all = join(state, "kept-bundles");
  warned = [];
  jest.mocked(fs.rm).mockImplementation(rm);
  copying.mockReset().mockImplementation((_bundle, to) => Promise.resolve(void mkdirSync(to, { recursive: true })));
});

const bundle = (name: string): Bundle => ({ name, folder: `/m/${name}`, json: { artifacts: {} } }) as unknown as Bundle;
const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** No process has this number. */
const GONE = "4194305";

function cannotRemove(folder: string): Error {
  const why = Object.assign(new Error(`EROFS: read-only file system, rmdir '${folder}'`), { code: "EROFS" });
  jest.mocked(fs.rm).mockImplementation((path, options) => (path === folder ? Promise.reject(why) : rm(path, options)));
  return why;
}

it("a folder of an earlier process that cannot be removed is told of, and keeps nothing from being done", async () => {
  const [stale, other] = [join(all, GONE), join(all, "4194306")];
  for (const folder of [stale, other]) mkdirSync(folder, { recursive: true });
  const err = cannotRemove(stale);
  const kept = new KeptBundles(state, log);
  const mine = bundle("mine");
  kept.keep(mine);
  await passed(50);
  expect(warned).toEqual([[{ folder: stale, err }, expect.stringMatching(/^\S+\/4194305, .*Remove it, or /)]]);
  expect([existsSync(other), kept.folderOf(mine)]).toEqual([false, join(all, String(process.pid), "1-mine")]);
  await kept.end();
});

it("what an earlier process of the same number has left is not taken for this one's copy", async () => {
  const own = join(all, String(process.pid));
  mkdirSync(join(own, "1-mine"), { recursive: true });
  writeFileSync(join(own, "1-mine", "bundle.json"), "another");
  cannotRemove(own);
  const kept = new KeptBundles(state, log);
  const mine = bundle("mine");
  kept.keep(mine);
  await passed(50);
  expect([kept.folderOf(mine), copying.mock.calls]).toEqual(["/m/mine", []]);
  expect(warned.map(([, text]) => text)).toEqual([
    expect.stringContaining("could not be removed"),
    expect.stringContaining("could not be copied"),
  ]);
});

describe("while one is being copied", () => {
  const [first, second] = [bundle("first"), bundle("second")];
  let kept: KeptBundles;
  let isCopied = (): void => undefined;
  beforeEach(async () => {
    copying.mockImplementationOnce(() => new Promise((resolve) => (isCopied = resolve)));
    kept = new KeptBundles(state, log);
    for (const one of [first, second]) kept.keep(one);
    await passed(20);
  });
  const copied = (): string[] => copying.mock.calls.map(([{ name }]) => name);

  it("the end waits for that one, and copies none of those behind it", async () => {
    let isOver = false;
    const ended = kept.end().then(() => (isOver = true));
    await passed(20);
    expect(isOver).toBe(false);
    isCopied();
    await ended;
    expect([copied(), existsSync(join(all, String(process.pid)))]).toEqual([["first"], false]);
  });

  it("one behind it is forgotten at once, and not copied any more", async () => {
    expect(await Promise.race([kept.forget(second).then(() => "forgotten"), passed(200)])).toBe("forgotten");
    isCopied();
    await passed(20);
    expect(copied()).toEqual(["first"]);
    await kept.end();
  });
});
