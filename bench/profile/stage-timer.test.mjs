import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../places.mjs";

const ROWS = 20_000;

/** Runs in a process whose stages are timed: a large answer is shaped and written as predict-route does it. */
const server = `
  const { createServer } = require("node:http");
  const { join } = require("node:path");
  const ours = (module) => require(join(process.env.BENCH_DIST, "predict", module));
  createServer(async (_request, response) => {
    const record = (row) => JSON.stringify({ p: row / 7 });
    const text = { head: "[", record, separator: ",", tail: "]" };
    ours("write-whole.js").writeWhole(response, await ours("answer-text.js").writeAnswerText(text, ${ROWS}));
  }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`;

test("what makes a large answer's text is timed as shaping, and its leaving as writing, once for each answer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "picklepod-stages-"));
  const file = join(folder, "stages.json");
  const timer = join(import.meta.dirname, "stage-timer.cjs");
  const child = spawn(process.execPath, ["-r", timer, "-e", server], {
    env: { ...process.env, BENCH_DIST: join(root, "dist"), BENCH_STAGES_FILE: file },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = await child.stdout.take(1).toArray();
    const begun = performance.now();
    assert.equal((await (await fetch(`http://127.0.0.1:${Number(port)}`)).json()).length, ROWS);
    const whole = performance.now() - begun;
    child.kill("SIGUSR2");
    for (let i = 0; i < 100 && !existsSync(file); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    const { shape, write } = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual([shape.calls, write.calls], [1, 1]);
    assert.ok(
      shape.total > 1 && write.total > 0 && shape.total + write.total < whole,
      JSON.stringify({ shape, write }),
    );
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
});
