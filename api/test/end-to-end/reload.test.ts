import { cpSync, existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { readBundle } from "../../src/bundle/read-bundles";
import { ask, json } from "../../src/check/ask";
import type { ReloadOutcome } from "../../src/control/reload-route";
import { project } from "../../src/project";
import { breakages, brokenBundle } from "../broken-bundles";
import { copyBundle, editBundleJson, editManifest, temporaryFolder } from "../bundle-copy";
import { bundleFolder } from "../bundles";
import { runCommandLine } from "../picklepod-command";
import { pin } from "../real/real-bundle";
import { isAlive, type Listening, pause, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

const rows = syntheticRows("glm-fit", 40, 21);

/** Two versions of one bundle that answer the same rows otherwise: what is an event is decided elsewhere. */
const versions = { first: "", second: "" };
let digests: { first: string; second: string };
beforeAll(async () => {
  versions.first = await brokenBundle("swapped"); // there is no breakage of that name: a whole copy, proved here
  versions.second = copyBundle("glm-fit", "swapped");
  editManifest(versions.second, (text) =>
    text.replace("above: 0.75", "above: 0.25").replace(/^version: .*$/m, 'version: "2"'),
  );
  await pin(versions.second);
  digests = { first: digestIn(versions.first), second: digestIn(versions.second) };
});

const digestIn = (folder: string): string => readBundle(folder).json.digest;

/** A folder that is served, and that any version can be written over. */
function served(version: keyof typeof versions): { folder: string; write: (version: keyof typeof versions) => void } {
  const folder = copyBundle("glm-fit", "swapped");
  const write = (which: keyof typeof versions): void => {
    cpSync(versions[which], folder, { recursive: true });
  };
  write(version);
  return { folder, write };
}

interface Native {
  readonly digest: string;
  readonly predictions: readonly { business_outcome: string }[];
}

async function reload(picklepod: Listening): Promise<{ status: number; outcomes: readonly ReloadOutcome[] }> {
  const answer = await ask(`${picklepod.url}/admin/reload`, { method: "POST" });
  return { status: answer.status, outcomes: (json(answer) as { bundles: ReloadOutcome[] }).bundles };
}

async function whoAnswers(picklepod: Listening): Promise<string> {
  const answer = await ask(`${picklepod.url}/models/swapped/predictions`, { body: rows[0] ?? "" });
  return answer.status === 200 ? (json(answer) as Native).digest : `${answer.status}: ${answer.text}`;
}

async function shown(picklepod: Listening): Promise<{ digest: string; refused_reload?: { reason: string } }> {
  return json(await ask(`${picklepod.url}/models/swapped`)) as { digest: string; refused_reload?: { reason: string } };
}

/** Rows sent singly, many at once, until it is stopped. */
function ongoingCalls(picklepod: Listening) {
  const seen: { sentAt: number; status: number; header: string; answer: Native | undefined; row: number }[] = [];
  let going = true;
  const caller = async (first: number): Promise<void> => {
    for (let row = first; going; row = (row + 1) % rows.length) {
      const sentAt = performance.now();
      const answer = await ask(`${picklepod.url}/models/swapped/predictions`, { body: rows[row] ?? "" });
      const body = answer.status === 200 ? (json(answer) as Native) : undefined;
      seen.push({
        sentAt,
        status: answer.status,
        header: String(answer.headers["picklepod-bundle"]),
        answer: body,
        row,
      });
    }
  };
  const callers = [0, 7, 13, 21, 30, 35].map(caller);
  return {
    stop: async () => {
      going = false;
      await Promise.all(callers);
      return seen;
    },
  };
}

/** What each version answers to each row when nothing else goes on. */
async function rightAnswers(picklepod: Listening): Promise<string[]> {
  const answers = await Promise.all(
    rows.map((row) => ask(`${picklepod.url}/models/swapped/predictions`, { body: row })),
  );
  return answers.map((answer) => JSON.stringify((json(answer) as Native).predictions));
}

it.each([{}, { WORKERS: "2" }])(
  "a bundle is exchanged under load: every answer names its bundle and is that bundle's, none is lost, and the old one ends (%j)",
  async (env) => {
    const { folder, write } = served("second");
    const picklepod = await startReady({ models: [folder], env });
    try {
      const right = new Map([[digests.second, await rightAnswers(picklepod)]]);
      write("first");
      await reload(picklepod);
      right.set(digests.first, await rightAnswers(picklepod));
      expect(right.get(digests.first)).not.toEqual(right.get(digests.second));

      const calls = ongoingCalls(picklepod);
      const swaps: { at: number; digest: string }[] = [];
      for (const version of ["second", "first", "second"] as const) {
        await pause(300);
        write(version);
        const { status, outcomes } = await reload(picklepod);
        swaps.push({ at: performance.now(), digest: digests[version] });
        expect({ status, outcomes }).toEqual({
          status: 200,
          outcomes: [{ model: "swapped", outcome: "live", digest: digests[version] }],
        });
      }
      await pause(300);
      const seen = await calls.stop();

      expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
      const wrong = seen.filter(
        ({ header, answer, row }) =>
          !header.endsWith(`digest=${answer?.digest ?? ""}`) ||
          JSON.stringify(answer?.predictions) !== right.get(answer?.digest ?? "")?.[row],
      );
      expect(wrong).toEqual([]);
      const late = seen.filter(({ sentAt, answer }) => {
        const last = swaps.filter(({ at }) => at < sentAt).at(-1);
        const next = swaps.find(({ at }) => at >= sentAt);
        return last !== undefined && answer?.digest !== last.digest && answer?.digest !== next?.digest;
      });
      expect(late).toEqual([]);
      expect(new Set(seen.map(({ answer }) => answer?.digest))).toEqual(new Set([digests.first, digests.second]));
      const old = picklepod.sidecarPids().slice(0, -1);
      await until(10_000, "the old sidecars are gone", () => (old.some(isAlive) ? undefined : true));
      expect(old).toHaveLength(4);
    } finally {
      await picklepod.stop();
    }
  },
);

it("a bundle without proof never goes live: the old one stays, even when its sidecar dies, and all say why", async () => {
  const { folder, write } = served("first");
  const picklepod = await startReady({ models: [folder] });
  try {
    editBundleJson(folder, (bundle) => ({ ...bundle, version: "3" }));
    editManifest(folder, (text) => text.replace(/^version: .*$/m, 'version: "3"'));
    await breakages["proof-one-ulp-off"]?.(folder);
    const { status, outcomes } = await reload(picklepod);
    const why = /^The bundle does not give its samples again: row 5 of proof\.npz, .*1 ulp apart/;
    expect({ status, outcomes }).toEqual({
      status: 409,
      outcomes: [
        { model: "swapped", outcome: "refused", digest: digests.first, reason: expect.stringMatching(why) as unknown },
      ],
    });
    expect(await whoAnswers(picklepod)).toBe(digests.first);
    const { digest, refused_reload } = await shown(picklepod);
    expect({ digest, reason: refused_reload?.reason }).toEqual({ digest: digests.first, reason: outcomes[0]?.reason });
    await until(2_000, "the log says it too", () =>
      picklepod.log.find(({ msg }) =>
        msg.startsWith("swapped does not go live, and the one before it stays: The bundle"),
      ),
    );
    const [first = 0] = picklepod.sidecarPids();
    await until(10_000, "the refused one is gone", () =>
      picklepod.sidecarPids().filter(isAlive).length === 1 && isAlive(first) ? true : undefined,
    );

    process.kill(first, "SIGKILL");
    await until(30_000, "it answers again", async () =>
      (await whoAnswers(picklepod)) === digests.first ? true : undefined,
    );

    write("second");
    expect((await reload(picklepod)).outcomes).toEqual([{ model: "swapped", outcome: "live", digest: digests.second }]);
    expect((await shown(picklepod)).refused_reload).toBeUndefined();
  } finally {
    await picklepod.stop();
  }
});

it("a sidecar that is started again runs nothing of a copy that was changed, whatever its bundle.json says of itself", async () => {
  const state = temporaryFolder();
  const { folder } = served("first");
  const picklepod = await startReady({ models: [folder], env: { STATE_DIR: state } });
  try {
    const copy = join(state, "kept-bundles", String(picklepod.pid), "1-swapped");
    await until(10_000, "it is copied", () => existsSync(copy) || undefined);
    const ran = join(state, "ran");
    writeFileSync(join(copy, "train.py"), `open(${JSON.stringify(ran)}, "w").close()\n`);
    editBundleJson(copy, (json) => ({ ...json, artifacts: "trained", tensors: "trained" }));
    const [first = 0] = picklepod.sidecarPids();
    process.kill(first, "SIGKILL");
    const why =
      /^\S+ holds the bundle [0-9a-f]{64} by now, and this sidecar was started for [0-9a-f]{64}\. Nothing of it/;
    await until(30_000, "it is refused", () =>
      picklepod.log.find((line) => typeof line["reason"] === "string" && why.test(line["reason"])),
    );
    expect(existsSync(ran)).toBe(false);
  } finally {
    await picklepod.stop();
  }
});

it("a folder that holds no bundle changes nothing; `picklepod reload` tells what is wrong and ends with 1", async () => {
  const { folder, write } = served("first");
  const picklepod = await startReady({ models: [folder] });
  try {
    await breakages["other-bytes"]?.(folder);
    const refused = await runCommandLine(["reload", "--url", picklepod.url]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(
      new RegExp(
        `^swapped: refused ${digests.first.slice(0, 12)} stays\n {2}\\S+final_fit\\.pkl: has the sha256 .*picklepod pin`,
      ),
    );
    expect(await whoAnswers(picklepod)).toBe(digests.first);
    write("second");
    const live = await runCommandLine(["reload", "--url", picklepod.url]);
    expect(live).toEqual({ code: 0, stdout: `swapped: live ${digests.second.slice(0, 12)}\n`, stderr: "" });
    const unchanged = await runCommandLine(["reload", "--url", picklepod.url, "--json"]);
    expect(JSON.parse(unchanged.stdout)).toEqual({
      bundles: [{ model: "swapped", outcome: "unchanged", digest: digests.second }],
    });
  } finally {
    await picklepod.stop();
  }
});

it("SIGHUP, as `picklepod reload --pid` sends it, reaches every worker, and one that starts later serves what serves, not what lies there", async () => {
  const { folder, write } = served("first");
  const picklepod = await startReady({ models: [folder], env: { WORKERS: "2" } });
  try {
    write("second");
    expect((await runCommandLine(["reload", "--pid", String(picklepod.pid)])).code).toBe(0);
    const told = await until(30_000, "it is live", () => picklepod.log.find(({ msg }) => msg === "swapped is live"));
    const ordered = { level: 40, audit: true, who: "SIGHUP", action: "reload", outcome: "live" };
    expect(told).toMatchObject({ ...ordered, model: "swapped", before: digests.first, digest: digests.second });
    await breakages["not-pinned"]?.(folder);
    const workers = (): number[] =>
      picklepod.log.filter(({ msg }) => msg.startsWith("listening on ")).map((line) => Number(line["pid"]));
    const [first = 0, second = 0] = workers();
    process.kill(first, "SIGKILL");
    await until(20_000, "a third worker", () => workers()[2]);
    process.kill(second, "SIGKILL"); // now the third alone answers
    const answered = await until(20_000, "it answers", async () => {
      const digest = await whoAnswers(picklepod).catch(() => undefined);
      return digest?.startsWith("503") === true ? undefined : digest;
    });
    expect(answered).toBe(digests.second);
  } finally {
    await picklepod.stop();
  }
});

it("a stream that began before ends as it began", async () => {
  const { folder, write } = served("second");
  const picklepod = await startReady({ models: [folder] });
  try {
    const second = await rightAnswers(picklepod);
    write("first");
    await reload(picklepod);
    const first = await rightAnswers(picklepod);
    const telling = rows[first.findIndex((answer, i) => answer !== second[i])] ?? "";

    const stream = openStream(picklepod);
    await stream.begin(telling, 20_000);
    write("second");
    await reload(picklepod);
    expect(await whoAnswers(picklepod)).toBe(digests.second);
    const { lines, bundle } = await stream.end(telling, 20_000);
    const [summary = ""] = lines.splice(-1);
    expect(bundle).toContain(digests.first);
    expect(JSON.parse(summary)).toMatchObject({ summary: { rows: 40_000, predicted: 40_000 } });
    expect([lines.length, new Set(lines).size]).toEqual([40_000, 1]);
    const old = picklepod.sidecarPids().at(-2) ?? 0;
    await until(10_000, "the old sidecar is gone", () => (isAlive(old) ? undefined : true));
  } finally {
    await picklepod.stop();
  }
});

/** The same row again and again, as NDJSON that is answered on the way. */
function openStream({ url }: Listening) {
  const sent = request(`${url}/models/swapped/predictions`, {
    method: "PUT",
    headers: { "content-type": "application/x-ndjson", accept: "application/x-ndjson" },
  });
  const pieces: string[] = [];
  let bundle = "";
  const ended = new Promise<void>((resolve, reject) => {
    sent.on("error", reject).on("response", (response) => {
      bundle = String(response.headers["picklepod-bundle"]);
      response.setEncoding("utf8").on("data", (piece: string) => pieces.push(piece));
      response.on("end", resolve).on("error", reject);
    });
  });
  const write = (row: string, times: number): void => void sent.write(`${row}\n`.repeat(times));
  return {
    begin: async (row: string, times: number) => {
      write(row, times);
      await until(10_000, "the first answers", () => (pieces.length > 0 ? true : undefined));
    },
    end: async (row: string, times: number) => {
      write(row, times);
      sent.end();
      await ended;
      return { lines: pieces.join("").trim().split("\n"), bundle };
    },
  };
}

it("with --watch, what changes in a bundle's folder goes live without being asked for", async () => {
  const { folder, write } = served("first");
  const picklepod = await startReady({ models: [folder], args: ["--watch"] });
  try {
    write("second");
    await until(30_000, "it is live", async () =>
      (await whoAnswers(picklepod)) === digests.second ? true : undefined,
    );
    await breakages["other-bytes"]?.(folder);
    await until(30_000, "it is refused", async () => (await shown(picklepod)).refused_reload);
    cpSync(join(versions.second, "final_fit.pkl"), join(folder, "final_fit.pkl"));
    await until(30_000, "nothing is wrong any more", async () =>
      (await shown(picklepod)).refused_reload === undefined ? true : undefined,
    );
    expect(await whoAnswers(picklepod)).toBe(digests.second);
  } finally {
    await picklepod.stop();
  }
});

it("of MODELS=all, a folder that appears is served, one that goes is not, and their own ports open and close with them", async () => {
  const own = projectOf(["glm-fit"]);
  const picklepod = await startReady({ models: ["all"], main: own.main, env: { SEED_PORTS: "1", HOST: "127.0.11.1" } });
  const at = "http://127.0.11.1:";
  try {
    own.add("flight-delay");
    expect((await reload(picklepod)).outcomes.map(({ model, outcome }) => `${model} ${outcome}`)).toEqual([
      "glm-fit unchanged",
      "flight-delay live",
    ]);
    const [row = ""] = syntheticRows("flight-delay", 1, 3);
    expect((await ask(`${picklepod.url}/models/flight-delay/predictions`, { body: row })).status).toBe(200);
    const port = readBundle(bundleFolder("flight-delay")).manifest.contract.port ?? 0;
    expect((await ask(`${at}${port}/nowhere`)).status).toBe(404);

    own.remove("glm-fit");
    expect((await reload(picklepod)).outcomes.map(({ model, outcome }) => `${model} ${outcome}`)).toEqual([
      "flight-delay unchanged",
      "glm-fit removed",
    ]);
    expect((await ask(`${picklepod.url}/models/glm-fit/predictions`, { body: rows[0] ?? "" })).status).toBe(404);
    await until(10_000, "its port is closed", () => ask(`${at}1313/json`, { body: "{}" }).then(() => undefined, () => true)); // prettier-ignore
    const sidecars = () => picklepod.sidecarPids().filter(isAlive).length;
    await until(10_000, "its sidecar is gone", () => (sidecars() === 1 ? true : undefined));

    own.remove("flight-delay");
    const { status, outcomes } = await reload(picklepod);
    expect([status, outcomes.map(({ model, outcome }) => `${model} ${outcome}`)]).toEqual([
      409,
      ["flight-delay refused"],
    ]);
    expect((await ask(`${picklepod.url}/models/flight-delay/predictions`, { body: row })).status).toBe(200);
  } finally {
    await picklepod.stop();
  }
});

/** The project with models of its own. */
function projectOf(bundles: readonly string[]) {
  const root = temporaryFolder();
  cpSync(join(project.root, "dist"), join(root, "dist"), { recursive: true });
  cpSync(join(project.root, "package.json"), join(root, "package.json"));
  for (const shared of ["node_modules", "sidecar", ".picklepod"])
    symlinkSync(join(project.root, shared), join(root, shared));
  const add = (name: string): void => {
    cpSync(bundleFolder(name), join(root, "models", name), { recursive: true });
  };
  for (const name of bundles) add(name);
  const remove = (name: string): void => {
    rmSync(join(root, "models", name), { recursive: true });
  };
  return { main: join(root, "dist", "main.js"), add, remove };
}
