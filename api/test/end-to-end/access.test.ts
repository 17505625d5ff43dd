import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ask } from "../../src/check/ask";
import { project } from "../../src/project";
import { runCommandLine } from "../picklepod-command";
import { isAlive, type Listening, spawnPicklepod, startReady, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

const inFolder = (name: string): string => join(mkdtempSync(join(tmpdir(), "access-")), name);
const ROW = execFileSync("cat", [join(project.modelsFolder, "classification", "row.json")], { encoding: "utf8" });

async function newKey(file: string, ...words: string[]): Promise<string> {
  const { code, stdout } = await runCommandLine(["key", "new", ...words, "--file", file]);
  expect(code).toBe(0);
  return stdout.trim();
}

describe("two processes, and their sidecar", () => {
  const keys = inFolder("keys.json");
  let picklepod: Listening;
  let shop: string;
  beforeAll(async () => {
    shop = await newKey(keys, "shop", "--scope", "classification");
    picklepod = await startReady({ models: ["classification"], env: { WORKERS: "2", API_KEYS_FILE: keys } });
  });
  afterAll(() => picklepod.stop());

  /** Of so many calls, each over a connection of its own. */
  const statuses = async (key: string): Promise<number[]> => {
    const url = `${picklepod.url}/models/classification/predictions`;
    const call = async (): Promise<number> => {
      const headers = { "x-api-key": key, "content-type": "application/json" };
      const answer = await fetch(url, { method: "POST", body: ROW, headers: { ...headers, connection: "close" } });
      return answer.status;
    };
    return [...new Set(await Promise.all(Array.from({ length: 12 }, call)))];
  };

  it("a key that is exchanged holds in both at once with SIGHUP", async () => {
    expect([await statuses(shop), await statuses("pp_shop_none")]).toEqual([[200], [401]]);
    const next = await newKey(keys, "shop-2", "--scope", "*");
    await runCommandLine(["key", "revoke", "shop", "--file", keys]);
    picklepod.kill("SIGHUP");
    await until(5_000, "the old one is refused", async () => ((await statuses(shop)).includes(200) ? undefined : true));
    expect([await statuses(shop), await statuses(next)]).toEqual([[401], [200]]);
  });

  it("the sidecar tells a stranger that it is ready, and nothing else", async () => {
    const line = picklepod.log.find(({ msg }) => /^sidecar \S+ listens$/.test(msg)) ?? {};
    const url = String((line as { url?: unknown }).url);
    const asked = ["/v2/health/ready", "/v2/models/classification"].map((path) => ask(`${url}${path}`));
    const [ready, metadata] = await Promise.all(asked);
    const infer = await ask(`${url}/v2/models/classification/infer`, { body: "{}" });
    expect([ready?.status, metadata?.status, infer.status]).toEqual([200, 401, 401]);
  });

  it("nothing that was logged holds a key", () => {
    expect(JSON.stringify(picklepod.log) + picklepod.stderr()).not.toContain(shop.slice("pp_shop_".length));
  });
});

describe("a start that would let strangers in ends with one message", () => {
  const CASES: [string, Record<string, string>, string][] = [
    ["no file of keys", { API_KEYS_FILE: "/nowhere/keys.json" }, "/nowhere/keys.json cannot be read (ENOENT). Make it with `picklepod key new`."], // prettier-ignore
    ["no certificate", { TLS_CERT_FILE: "/nowhere/cert.pem", TLS_KEY_FILE: "/nowhere/key.pem" }, "TLS_CERT_FILE=/nowhere/cert.pem cannot be read (ENOENT). Mend the path or its rights."], // prettier-ignore
    ["no token", { SIDECAR_TOKEN_FILE: "/nowhere/token" }, "SIDECAR_TOKEN_FILE=/nowhere/token cannot be read (ENOENT). Mend the path or its rights."], // prettier-ignore
    ["limits by key, and no keys", { RATE_LIMITS: "key:rows=1/1s" }, "RATE_LIMITS=key:rows=1/1s: limits by key need API_KEYS_FILE; without keys, limit by address. See docs/settings.md."], // prettier-ignore
  ];

  it.each(CASES)("%s", async (_what, env, message) => {
    const picklepod = spawnPicklepod({ models: ["classification"], env });
    expect([await picklepod.ended, picklepod.stderr()]).toEqual([{ code: 1, signal: null }, message]);
    expect(picklepod.sidecarPids().filter(isAlive)).toEqual([]);
  });

  it("a broken file of keys, in each of two processes; nothing of it is told", async () => {
    const keys = inFolder("keys.json");
    writeFileSync(keys, '{"keys": [hunter2');
    const picklepod = spawnPicklepod({ models: ["classification"], env: { WORKERS: "2", API_KEYS_FILE: keys } });
    expect((await picklepod.ended).code).toBe(1);
    expect(picklepod.stderr()).toContain(`${keys} is not JSON`);
    expect(picklepod.stderr() + JSON.stringify(picklepod.log)).not.toContain("hunter2");
  });
});

describe("picklepod key", () => {
  const run = (...words: string[]): ReturnType<typeof runCommandLine> => runCommandLine(["key", ...words]);

  it("prints the key alone on stdout, and keeps it nowhere", async () => {
    const file = inFolder("keys.json");
    const made = await run("new", "shop", "--scope", "a", "--scope", "control", "--days", "3", "--file", file);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^pp_shop_[\w-]{43}\n$/)]);
    const listed = JSON.parse((await run("list", "--file", file, "--json")).stdout) as { keys: unknown[] };
    expect(listed.keys).toEqual([
      {
        id: "shop",
        scopes: ["a", "control"],
        created: expect.any(String) as unknown,
        expires: expect.any(String) as unknown,
      },
    ]);
    expect((await run("revoke", "shop", "--file", file)).code).toBe(0);
    expect(await run("list", "--file", file)).toEqual({
      code: 0,
      stdout: "",
      stderr: "There is no key: nobody can call.\n",
    });
  });

  it.each([
    [["new"], "Say which key: picklepod key new shop --scope classification"],
    [["new", "Shop", "--scope", "a"], "Shop is no id"],
    [["new", "shop"], "Say what the key is for"],
    [
      ["new", "shop", "--scope", "a/b"],
      "--scope a/b: say a bundle's name, * for all of them, control for the control plane",
    ],
    [["new", "shop", "--scope", "control:metric"], "control:metrics or control:reload for that much of it"],
    [["new", "shop", "--scope", "a", "--days", "soon"], "--days soon: a whole number of days"],
    [["revoke"], "Say which key: picklepod key revoke shop"],
    [["frob"], 'Choices: "new", "list", "revoke"'],
  ])("%j ends with 2 and says what to do", async (words, message) => {
    const { code, stderr } = await run(...words, "--file", inFolder("keys.json"));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it("wants to know the file", async () => {
    const { code, stderr } = await run("list");
    expect([code, stderr]).toEqual([
      2,
      "Say which file holds the keys: --file keys.json, or the setting API_KEYS_FILE\n",
    ]);
  });
});
