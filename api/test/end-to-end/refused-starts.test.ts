import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { sha256 } from "../../src/bundle/description";
import { ask, json } from "../../src/check/ask";
import { brokenBundle } from "../broken-bundles";
import { copyBundle, editBundleJson, editManifest } from "../bundle-copy";
import { isAlive, spawnPicklepod, type Start, startPicklepod, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

/** Ends by itself, with this code and this on stderr; never listens. */
async function refusalOf(
  start: Start,
): Promise<{ code: number | null; stderr: string; listened: boolean; said: string[] }> {
  const picklepod = spawnPicklepod(start);
  const { code } = await picklepod.ended;
  const said = picklepod.log.map(({ msg }) => msg);
  expect(picklepod.sidecarPids().filter(isAlive)).toEqual([]);
  return { code, stderr: picklepod.stderr(), listened: said.some((msg) => msg.startsWith("listening")), said };
}

describe("a start that cannot succeed ends with one message that says how to mend it", () => {
  it("a port in use", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, "127.0.0.1", () => {
        const address = taken.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
    try {
      expect(await refusalOf({ models: ["glm-fit"], env: { PORT: String(port) } })).toMatchObject({
        code: 1,
        listened: false,
        stderr: `The port ${port} is in use. Stop what uses it, or choose another with PORT, or --port of picklepod serve`,
      });
    } finally {
      taken.close();
    }
  });

  it("SIDECAR_URLS that are none", async () => {
    expect(await refusalOf({ models: ["glm-fit"], env: { SIDECAR_URLS: "nonsense" } })).toEqual({
      code: 1,
      listened: false,
      said: [],
      stderr: "SIDECAR_URLS=nonsense: nonsense is not <bundle>=http://<host>:<port>. See docs/settings.md.",
    });
  });

  it("settings that are wrong, all of them at once", async () => {
    expect(await refusalOf({ models: ["glm-fit"], env: { PORT: "99999", SEED_PORTS: "yes" } })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^PORT=99999: a port, 0 to 65535\..*\nSEED_PORTS=yes: .*$/) as unknown,
    });
  });

  it("a model that is not there", async () => {
    expect(await refusalOf({ models: ["nope"] })).toEqual({
      code: 1,
      listened: false,
      said: [
        "nope does not serve: models/nope/model.yaml: is not there. A bundle is a folder with a model.yaml: `picklepod init <a folder of pickles>` writes one",
      ],
      stderr: "No bundle can be served.",
    });
  });

  it("a bundle with an unknown key, where it is the only one", async () => {
    const { code, stderr, said } = await refusalOf({ models: [await brokenBundle("unknown-key")] });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "No bundle can be served." });
    expect(said).toEqual([expect.stringMatching(/model\.yaml:10: the key extras is unknown\. Did you mean extra\?$/)]);
  });
});

describe("a Python that cannot be had", () => {
  /** With a lock that no environment was made for yet. */
  function bundleForPython(name: string, python: string): string {
    const folder = copyBundle("glm-fit", name);
    const lock = join(folder, "requirements.lock");
    writeFileSync(lock, `${readFileSync(lock, "utf8")}# for ${name}\n`);
    editManifest(folder, (text) => text.replace('python: "3.8"', `python: "${python}"`));
    editBundleJson(folder, (json) => ({ ...json, python, lock: { ...json.lock, sha256: sha256(readFileSync(lock)) } }));
    return folder;
  }

  async function failureOf(name: string, folder: string, env: Readonly<Record<string, string>>): Promise<string> {
    const picklepod = await startPicklepod({ models: [folder], env });
    try {
      return await until(120_000, "it has failed", async () => {
        const answer = await ask(`${picklepod.url}/readyz`);
        const { state, reason } =
          (json(answer) as { models: Record<string, { state: string; reason: string }> }).models[name] ?? {};
        expect({ state, status: answer.status }).not.toEqual({ state: "ready", status: 200 });
        return state === "failed" ? reason : undefined;
      });
    } finally {
      await picklepod.stop();
    }
  }

  it("says which one, who needs it, where it was looked for, and how to get it", async () => {
    const nowhere = {
      PATH: "/nowhere",
      HOME: "/nowhere",
      PYENV_ROOT: "/nowhere",
      UV_PYTHON_INSTALL_MIRROR: "http://127.0.0.1:9",
    };
    const reason = await failureOf("no-python", bundleForPython("no-python", "3.8"), nowhere);
    expect(reason).toMatch(
      /^Python 3\.8 is missing; no-python needs it\. Looked for python3\.8, python3 and python on PATH and in \/nowhere\/versions; .*To get it: `uv python install 3\.8`, or `pyenv install 3\.8`, or run `docker compose up`/s,
    );
  });

  it("says so, where it is one that the sidecar does not run on", async () => {
    const reason = await failureOf("python-4000", bundleForPython("python-4000", "3.4000"), {});
    expect(reason).toMatch(
      /The sidecar does not run on Python 3\.4000: name another one in the bundle's model\.yaml\.$/,
    );
  });
});
