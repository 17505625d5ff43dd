import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { absence, realArtifacts } from "../../test/shared-material";
import { readPickle } from "./read-pickle";

interface FileFacts {
  readonly size: number;
  readonly sha256: string;
  readonly container: string;
  readonly compression: string | null;
  readonly protocol: readonly number[];
  readonly globals: readonly string[];
}

const wild = resolve(realArtifacts("."), "..", "wild");
const repositories = existsSync(wild)
  ? readdirSync(wild).filter((name) => existsSync(join(wild, name, "facts.json")))
  : [];

if (repositories.length === 0) test.skip(`Public repositories' pickles. ${absence}`, () => undefined);

describe.each(repositories)("%s", (repository) => {
  const facts = JSON.parse(readFileSync(join(wild, repository, "facts.json"), "utf8")) as {
    files: Record<string, FileFacts>;
    blocked_by: readonly string[];
  };

  test.each(Object.entries(facts.files))("%s is read as others read it", async (file, fact) => {
    const reading = await readPickle(join(wild, repository, file));
    const { container, compression, protocol, globals, size, sha256 } = reading;
    expect({ container, compression, protocol, globals, size, sha256 }).toEqual({
      container: fact.container,
      compression: fact.compression,
      protocol: fact.protocol[0],
      globals: [...fact.globals].sort(),
      size: fact.size,
      sha256: fact.sha256,
    });
    expect(reading.root).toBeDefined();
  });

  test.each(Object.keys(facts.files))("%s holds nothing dangerous but custom code", async (file) => {
    const { dangers } = await readPickle(join(wild, repository, file));
    const others = dangers.filter(({ global = "" }) => !facts.blocked_by.includes(global));
    expect(others).toEqual([]);
    expect(dangers.every(({ code }) => code === "unknown-global")).toBe(true);
  });
});
