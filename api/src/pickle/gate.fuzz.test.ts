import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";

import { fuzzRuns } from "../../test/fuzz-runs";
import { readPickle } from "./read-pickle";

/** The gate is written twice. Whatever the bytes, both must say the same of whether they may be loaded. */
const sidecar = join(__dirname, "..", "..", "..", "sidecar");
const folder = mkdtempSync(join(tmpdir(), "picklepod-gates-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SCAN = `
import json, pathlib, sys
from picklepod_gate import scan
said = {}
for path in pathlib.Path(sys.argv[1]).iterdir():
    said[path.name] = scan(path.read_bytes()).honest
print(json.dumps(said))
`;

jest.setTimeout(3_600_000); // of the long form: npm run fuzz

function seeds(): Buffer[] {
  const made = join(folder, "made");
  execFileSync("python3", ["-m", "bad_pickles.generate", made], { cwd: join(sidecar, "tests") });
  const files = readdirSync(made).filter((name) => name.endsWith(".pkl"));
  return files.map((name) => readFileSync(join(made, name))).filter((bytes) => bytes.length < 20_000);
}

const change = fc.record({
  which: fc.nat(),
  at: fc.nat(),
  cut: fc.nat(9),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom("c", "\x93", "R", "b", ".", "i", "o", "(", "t", "\x81", "\x92", "\x80\x05", "}", "cos\nsystem\n", "\x8c\x02os", "\x94").map((text) => Buffer.from(text, "latin1")), // prettier-ignore
  ),
});

it("of any change of a pickle, the gates in both languages say the same", async () => {
  const pickles = seeds();
  expect(pickles.length).toBeGreaterThan(100);
  const changes = fc.sample(change, fuzzRuns(400));
  const changed = join(folder, "changed");
  execFileSync("mkdir", [changed]);
  const files = changes.map(({ which, at, cut, bytes }, i) => {
    const pickle = pickles[which % pickles.length] ?? Buffer.alloc(0);
    const place = at % (pickle.length + 1);
    const content = Buffer.concat([pickle.subarray(0, place), bytes, pickle.subarray(place + cut)]);
    const file = join(changed, `${i}.pkl`);
    writeFileSync(file, content);
    return { name: `${i}.pkl`, file, content };
  });
  const env = { ...process.env, PYTHONPATH: sidecar };
  const inPython = JSON.parse(
    execFileSync("python3", ["-c", SCAN, changed], { env, maxBuffer: 1 << 28 }).toString(),
  ) as Record<string, boolean>;
  const differing: unknown[] = [];
  for (const { name, file, content } of files) {
    const { dangers, note } = await readPickle(file);
    const honest = dangers.length === 0 && note === undefined;
    if (honest !== inPython[name])
      differing.push({
        honest,
        inPython: inPython[name],
        dangers,
        note,
        base64: content.toString("base64").slice(0, 2_000),
      });
  }
  expect(differing).toEqual([]);
});
