import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ask, json } from "../../src/check/ask";
import { temporaryFolder } from "../bundle-copy";
import { startPicklepod, startReady, until } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

const models = ["exercise-26"];
const state = temporaryFolder();
const env = { STATE_DIR: state };
const artifact = join(state, "exercise-26", "model.pkl");

it("a bundle without artifacts trains them at its first start, and tells how far it is", async () => {
  const picklepod = await startReady({ models, env });
  try {
    const states = () => picklepod.log.map((line) => line["state"]).filter(Boolean);
    // the log is written every 100 ms
    await until(2_000, "it has told that it is ready", () => (states().at(-1) === "ready" ? true : undefined));
    expect(states()).toContain("training");
    expect(picklepod.log.filter(({ msg }) => msg.includes("training")).length).toBeGreaterThan(0);
    expect((await ask(`${picklepod.url}/predict`, { body: "{}" })).status).toBe(201);
  } finally {
    await picklepod.stop();
  }
});

it("what is trained is never trained again, and answers the same", async () => {
  const before = statSync(artifact).mtimeMs;
  const picklepod = await startReady({ models, env });
  try {
    expect(picklepod.log.map((line) => line["state"])).not.toContain("training");
    expect(statSync(artifact).mtimeMs).toBe(before);
  } finally {
    await picklepod.stop();
  }
});

it("a trained artifact that was changed is not even unpickled", async () => {
  const bytes = readFileSync(artifact);
  bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
  writeFileSync(artifact, bytes);
  const picklepod = await startPicklepod({ models, env });
  try {
    const reason = await until(60_000, "it has failed", async () => {
      const answer = await ask(`${picklepod.url}/readyz`);
      const { state: now, reason } = (json(answer) as { models: Record<string, { state: string; reason: string }> })
        .models["exercise-26"] ?? { state: "", reason: "" };
      return now === "failed" ? reason : undefined;
    });
    expect(reason).toMatch(/^model\.pkl has the sha256 [0-9a-f]{64}, pinned is [0-9a-f]{64}\. \S/);
    const answer = await ask(`${picklepod.url}/predict`, { body: "{}" });
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toMatch(/^[12]$/); // not all callers at once
  } finally {
    await picklepod.stop();
  }
});
