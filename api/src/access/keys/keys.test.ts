import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Problem } from "../../problems";
import type { Needs } from "../door";
import { type ApiKey, digestOf, newKey, recognise } from "./api-key";
import { openKeyRing } from "./key-ring";
import { editKeysFile, type KeyEntry, readKeysFile } from "./keys-file";
import { checkScope, keyOf } from "./presented-key";
import { SCOPES } from "./scopes";

const inFile = (text?: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), "keys-")), "keys.json");
  if (text !== undefined) writeFileSync(file, text);
  return file;
};
const entry = (id: string, key: string, more: Partial<KeyEntry> = {}): KeyEntry => ({
  ...{ id, sha256: digestOf(key).toString("hex"), scopes: ["classification"] },
  ...more,
});
const keyed = (id: string, key: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ id, sha256: digestOf(key), scopes: new Set(["classification"]), expires: Infinity },
  ...more,
});

describe("a key", () => {
  const key = newKey("shop-1");
  const find = (id: string): ApiKey | undefined => (id === "shop-1" ? keyed("shop-1", key) : undefined);

  it("names its holder, has 256 random bits, and is never the same twice", () => {
    expect(key).toMatch(/^pp_shop-1_[A-Za-z0-9_-]{43}$/);
    expect(newKey("shop-1")).not.toBe(key);
  });

  it("is recognised, and nothing that is not it to the last character", () => {
    expect(recognise(key, find)?.id).toBe("shop-1");
    const last = key.endsWith("A") ? "B" : "A";
    const wrong = [
      `${key.slice(0, -1)}${last}`,
      key.slice(0, -1),
      `${key}A`,
      key.replace("shop-1", "shop-2"),
      key.toUpperCase(),
      newKey("shop-1"),
      "pp_shop-1_",
      "",
    ];
    expect(wrong.filter((one) => recognise(one, find))).toEqual([]);
  });

  it("is no longer valid once it has expired", () => {
    const until = (expires: number) => recognise(key, () => keyed("shop-1", key, { expires }))?.id;
    expect([until(Date.now() + 60_000), until(Date.now() - 1)]).toEqual(["shop-1", undefined]);
  });
});

describe("what a caller presents", () => {
  const key = newKey("shop");
  const find = (id: string): ApiKey | undefined => (id === "shop" ? keyed("shop", key) : undefined);
  const presented = (headers: Record<string, string | string[]>): string => {
    const found = keyOf({ headers } as unknown as IncomingMessage, find);
    return found instanceof Problem
      ? `${found.status} ${String(found.members.headers?.["www-authenticate"])}`
      : found.id;
  };
  const NONE = '401 Bearer realm="picklepod"';
  const WRONG = '401 Bearer realm="picklepod", error="invalid_token"';

  it.each([
    [{ authorization: `Bearer ${key}` }, "shop"],
    [{ authorization: `bearer  ${key}` }, "shop"],
    [{ "x-api-key": key }, "shop"],
    [{}, NONE],
    [{ "x-api-key": `${key}x` }, WRONG],
    [{ "x-api-key": [key, key] }, NONE],
    [{ authorization: key }, WRONG],
    [{ authorization: `Basic ${key}` }, WRONG],
    [{ authorization: "Bearer" }, WRONG],
    [{ authorization: "Bearer no", "x-api-key": key }, WRONG],
    [{ authorization: "Basic of-a-proxy", "x-api-key": key }, "shop"],
  ])("%j is %s", (headers, is) => {
    expect(presented(headers)).toBe(is);
  });

  it("is never told again", () => {
    const found = keyOf({ headers: { "x-api-key": "pp_shop_secret" } } as unknown as IncomingMessage, find);
    expect(JSON.stringify(found)).not.toContain("secret");
  });
});

describe("scopes", () => {
  const may = (scopes: string[], needs: Needs): boolean => {
    try {
      checkScope(keyed("shop", "x", { scopes: new Set(scopes) }), needs);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ problemName: "forbidden", status: 403 });
      return false;
    }
  };

  it.each<[string[], Needs, boolean]>([
    [["a"], { bundle: "a" }, true],
    [["a"], { bundle: "b" }, false],
    [["*"], { bundle: "b" }, true],
    [["a", "b"], { bundle: "b" }, true],
    [["*"], "control:reload", false],
    [["control"], "control:reload", true],
    [["control"], "control:metrics", true],
    [["control:metrics"], "control:metrics", true],
    [["control:metrics"], "control:reload", false],
    [["control:reload"], "control:metrics", false],
    [["control:reload", "a"], { bundle: "a" }, true],
    [["control:reload", "control"], { bundle: "a" }, false],
    [["a"], "key", true],
    [["a"], "open", true],
  ])("%j may %j: %s", (scopes, needs, allowed) => {
    expect(may(scopes, needs)).toBe(allowed);
  });
});

describe("the file of keys", () => {
  it("is written whole, for its owner alone, and read as it was written", () => {
    const file = inFile();
    const keys = [entry("a", "x", { created: "2026-01-02T03:04:05Z" }), entry("b", "y", { scopes: ["*", "control"] })];
    editKeysFile(file, () => keys);
    editKeysFile(file, () => keys);
    expect(readKeysFile(file)).toEqual(keys);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(file, ".."))).toEqual(["keys.json"]);
  });

  it("is edited by one at a time, and an edit that fails changes nothing", () => {
    const file = inFile();
    editKeysFile(file, () => [entry("a", "x")]);
    expect(() => {
      editKeysFile(file, () => {
        editKeysFile(file, () => []);
        return [];
      });
    }).toThrow(`${file}.draft is there: somebody edits the keys.`);
    expect(readKeysFile(file).map(({ id }) => id)).toEqual(["a"]);
    editKeysFile(file, (keys) => [...keys, entry("b", "y")]);
    expect(readKeysFile(file).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("stays for those who could read it, whoever edits it", () => {
    const file = inFile();
    editKeysFile(file, () => []);
    chmodSync(file, 0o640);
    if (process.geteuid?.() === 0) chownSync(file, 1_000, 1_001);
    const { uid, gid, mode } = statSync(file);
    editKeysFile(file, () => [entry("a", "x")]);
    expect(statSync(file)).toMatchObject({ uid, gid, mode });
  });

  it("is edited where it lies, and a link to it stays one", () => {
    const file = inFile();
    editKeysFile(file, () => []);
    const link = `${file}.link`;
    symlinkSync(file, link);
    editKeysFile(link, () => [entry("a", "x")]);
    expect(readKeysFile(file).map(({ id }) => id)).toEqual(["a"]);
  });

  const sha256 = "0".repeat(64);
  it.each([
    ["not json", "is not JSON"],
    ["[]", "the file: Invalid input: expected object, received array"],
    ['{"keys": [], "more": 1}', 'the file: Unrecognized key: "more"'],
    [JSON.stringify({ keys: [{ id: "A", sha256, scopes: ["a"] }] }), "keys.0.id: an id: a to z"],
    [JSON.stringify({ keys: [{ id: "a", sha256: "secret", scopes: ["a"] }] }), "keys.0.sha256: the sha256 of a key"],
    [JSON.stringify({ keys: [{ id: "a", sha256, scopes: [] }] }), "keys.0.scopes: "],
    [JSON.stringify({ keys: [{ id: "a", sha256, scopes: ["a/b"] }] }), "keys.0.scopes.0: a bundle's name"],
    [JSON.stringify({ keys: [{ id: "a", sha256, scopes: ["a", "control:metric"] }] }), `keys.0.scopes.1: ${SCOPES}`],
    [JSON.stringify({ keys: [{ id: "a", sha256, scopes: ["a"], expires: "soon" }] }), "keys.0.expires: "],
    [JSON.stringify({ keys: Array(2).fill({ id: "a", sha256, scopes: ["a"] }) }), "each id stands for one key"],
  ])("that holds %s is refused, and its text not told", (text, message) => {
    const file = inFile(text);
    expect(() => readKeysFile(file)).toThrow(message);
    expect(() => readKeysFile(file)).toThrow(file);
    expect(() => readKeysFile(file)).not.toThrow("secret");
  });

  it("that is not there is told with what makes it", () => {
    expect(() => readKeysFile("/nowhere/keys.json")).toThrow(
      "/nowhere/keys.json cannot be read (ENOENT). Make it with `picklepod key new`.",
    );
  });
});

describe("the keys of a running server", () => {
  const said: string[] = [];
  const told: object[] = [];
  const tell = (level: string) => (fields: object, text: string) => {
    told.push(fields);
    said.push(`${level}: ${text}`);
  };
  const log = { info: tell("info"), warn: tell("warn"), error: tell("error") };
  beforeEach(() => {
    said.length = told.length = 0;
  });

  it("follow the file; one that cannot be read leaves those from before", () => {
    const file = inFile();
    editKeysFile(file, () => [entry("a", "x"), entry("b", "y")]);
    const ring = openKeyRing(file, log);
    try {
      editKeysFile(file, () => [entry("b", "y"), entry("c", "z")]);
      ring.reread();
      expect(["a", "b", "c"].map((id) => ring.find(id)?.id)).toEqual([undefined, "b", "c"]);
      writeFileSync(file, readFileSync(file, "utf8").slice(0, -5));
      ring.reread();
      expect(["b", "c"].map((id) => ring.find(id)?.id)).toEqual(["b", "c"]);
      expect(said).toEqual([
        "warn: the API keys were read anew: 2 now",
        expect.stringMatching(/^error: .* is not JSON\. .* The keys from before stay valid until it is mended\.$/),
      ]);
    } finally {
      ring.stop();
    }
  });

  it("tell which came, went, or are another under the same id", () => {
    const file = inFile();
    editKeysFile(file, () => [entry("a", "x"), entry("b", "y"), entry("c", "z")]);
    const ring = openKeyRing(file, log);
    try {
      editKeysFile(file, () => [entry("a", "x"), entry("b", "y", { scopes: ["control"] }), entry("d", "z")]);
      ring.reread();
      expect(told).toEqual([expect.objectContaining({ added: ["d"], removed: ["c"], changed: ["b"] })]);
    } finally {
      ring.stop();
    }
  });

  it("follow it by themselves, within seconds", async () => {
    const file = inFile();
    editKeysFile(file, () => [entry("a", "x")]);
    const ring = openKeyRing(file, log);
    try {
      editKeysFile(file, () => [entry("b", "y")]);
      const end = performance.now() + 5_000;
      while (ring.find("b") === undefined && performance.now() < end) await new Promise((done) => setTimeout(done, 50));
      expect([ring.find("a"), ring.find("b")?.id]).toEqual([undefined, "b"]);
    } finally {
      ring.stop();
    }
  });

  it("are not there where the file cannot be read at the start", () => {
    expect(() => openKeyRing("/nowhere/keys.json", log)).toThrow("cannot be read");
  });
});
