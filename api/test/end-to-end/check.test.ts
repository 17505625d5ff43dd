import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { sha256 } from "../../src/bundle/description";
import type { CheckResult } from "../../src/check/check-result";
import { brokenBundle } from "../broken-bundles";
import { copyBundle, editBundleJson, editManifest } from "../bundle-copy";
import { runCommandLine } from "../picklepod-command";

jest.setTimeout(900_000); // the first use of a bundle on a machine makes its environment

async function check(folder: string): Promise<{ code: number | null; result: CheckResult }> {
  const { code, stdout } = await runCommandLine(["check", folder, "--json"]);
  const { bundles } = JSON.parse(stdout) as { bundles: CheckResult[] };
  const [result] = bundles;
  if (!result) throw new Error("no bundle was checked");
  return { code, result };
}

/** Each step's state, in order; and the first finding in one line. */
async function found(folder: string) {
  const { code, result } = await check(folder);
  const [first] = result.steps.flatMap(({ findings }) => findings);
  const states = result.steps.map(({ step, state }) => `${step} ${state}`);
  return { code, states, finding: first && `${first.message}. ${first.remedy}` };
}

const UNKNOWN = (...steps: string[]): string[] => steps.map((step) => `${step} unknown`);
const OK = (...steps: string[]): string[] => steps.map((step) => `${step} ok`);

it("a bundle that is as it should be has no finding, and every step says what was seen", async () => {
  const { code, result } = await check("flight-delay");
  const { ok, name, proof, steps, invariance } = result;
  expect({ code, ok, name }).toEqual({ code: 0, ok: true, name: "flight-delay" });
  expect(["exact", "other-kernel"]).toContain(proof);
  const states = steps.map(({ step, state }) => `${step} ${state}`);
  expect(states).toEqual(
    OK("manifest", "bundle.json", "pins", "gate", "environment", "proof", "samples", "invariance"),
  );
  expect(invariance?.steps.map(({ step, block }) => `${step}: ${block}`)).toEqual(["probabilities: any", "label: any"]);
  expect(invariance?.measured.map(({ differing }) => differing)).toEqual([0, 0, 0, 0]);
});

it("the table for people names every step, and each finding with its remedy", async () => {
  const { code, stdout } = await runCommandLine(["check", await brokenBundle("other-bytes")]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ other-bytes {2}\S+\n {2}✓ {2}manifest /);
  expect(stdout).toMatch(/✗ \S+final_fit\.pkl: has the sha256 .*\n {2}→ If you meant to change it, run: /);
});

describe("what is wrong is found in its step, and what needs that step is not looked at", () => {
  it("a manifest with an unknown key", async () => {
    expect(await found(await brokenBundle("unknown-key"))).toEqual({
      code: 1,
      states: [
        "manifest findings",
        ...UNKNOWN("bundle.json", "pins", "gate", "environment", "proof", "samples", "invariance"),
      ],
      finding: "the key extras is unknown. Did you mean extra?",
    });
  });

  it("a model.yaml that was changed after it was pinned", async () => {
    const { code, states, finding } = await found(await brokenBundle("stale-manifest"));
    expect({ code, states }).toEqual({
      code: 1,
      states: [
        ...OK("manifest"),
        "bundle.json findings",
        ...OK("pins", "gate"),
        ...UNKNOWN("environment", "proof", "samples", "invariance"),
      ],
    });
    expect(finding).toMatch(/^has the sha256 .*bundle\.json is stale\. If you meant to change it, run: /);
  });

  it("an artifact that is not the one that was pinned", async () => {
    const { code, states, finding } = await found(await brokenBundle("other-bytes"));
    expect({ code, states: states.slice(0, 3) }).toEqual({
      code: 1,
      states: [...OK("manifest", "bundle.json"), "pins findings"],
    });
    expect(finding).toMatch(/^has the sha256 /);
  });

  it("a lock that is not there", async () => {
    const folder = copyBundle("glm-fit", "without-lock");
    rmSync(join(folder, "requirements.lock"));
    const { code, states, finding } = await found(folder);
    expect({ code, states: states.slice(0, 3) }).toEqual({
      code: 1,
      states: [...OK("manifest", "bundle.json"), "pins findings"],
    });
    expect(finding).toBe("is not there, but bundle.json names it. Bring it back, or pin the bundle again");
  });

  it("an artifact that would run something, which nothing then loads", async () => {
    const folder = copyBundle("glm-fit", "dangerous");
    const trace = join(folder, "trace");
    const bytes = `cposix\nsystem\n(S'touch ${trace}'\ntR.`;
    writeFileSync(join(folder, "final_fit.pkl"), bytes);
    editBundleJson(folder, (json) => {
      if (json.artifacts === "trained") return json;
      const pin = { sha256: sha256(bytes), size: bytes.length, root: "builtins.int", globals: ["posix system"] };
      return { ...json, artifacts: { ...json.artifacts, "final_fit.pkl": pin } };
    });
    const { code, states, finding } = await found(folder);
    expect({ code, states: states.slice(2), ran: existsSync(trace) }).toEqual({
      code: 1,
      states: [...OK("pins"), "gate findings", ...UNKNOWN("environment", "proof", "samples", "invariance")],
      ran: false,
    });
    expect(finding).toMatch(/^dangerous-global: .*posix\.system/);
  });

  it("outputs that are not those of the proof", async () => {
    const { code, states, finding } = await found(await brokenBundle("proof-one-ulp-off"));
    expect({ code, states: states.slice(4) }).toEqual({
      code: 1,
      states: [...OK("environment"), "proof findings", ...UNKNOWN("samples", "invariance")],
    });
    expect(finding).toContain("phat");
  });

  it("a contract that answers otherwise than its samples say", async () => {
    const folder = copyBundle("glm-fit", "other-decimals");
    editManifest(folder, (text) => text.replace("decimals: 10", "decimals: 2"));
    const { code, states } = await found(folder);
    expect({ code, samples: states[6] }).toEqual({ code: 1, samples: "samples findings" });
  });
});

it("a Python that cannot be had is this machine's lack, and no fault of the bundle: it ends with 3", async () => {
  const folder = copyBundle("glm-fit", "no-python");
  const nowhere = {
    PATH: "/nowhere",
    HOME: "/nowhere",
    PYENV_ROOT: "/nowhere",
    UV_PYTHON_INSTALL_MIRROR: "http://127.0.0.1:9",
  };
  const lock = join(folder, "requirements.lock");
  writeFileSync(lock, `${readFileSync(lock, "utf8")}# one that no environment was made of yet\n`);
  editBundleJson(folder, (json) => ({ ...json, lock: { ...json.lock, sha256: sha256(readFileSync(lock)) } }));
  const { code, stdout } = await runCommandLine(["check", folder], { env: nowhere });
  expect(code).toBe(3);
  expect(stdout).toMatch(/Python 3\.8 is missing; no-python needs it\./);
});
