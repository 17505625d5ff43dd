import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { copyBundle, temporaryFolder } from "../bundle-copy";
import { floats, pickle, sklearn } from "../make-pickle";
import { runCommandLine } from "../picklepod-command";

jest.setTimeout(300_000); // uv may have to be fetched

/** Whatever is asked of it, somebody was about to install from where a stranger says. */
let canary: Server;
let address: string;
const asked: (string | undefined)[] = [];
beforeAll(async () => {
  canary = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
});
afterAll(() => {
  canary.close();
});
beforeEach(() => {
  asked.length = 0;
});

const linear = (version: string) =>
  pickle(sklearn("linear_model._base.LinearRegression", { coef_: floats([1, 2]), intercept_: 0 }, version));

it.each([
  ["a line of its own", "1.6.1\ncanary @ ADDRESS/canary-1-py3-none-any.whl"],
  ["an address", "1.6.1 @ ADDRESS/scikit_learn-1.6.1-py3-none-any.whl"],
  ["another index", "1.6.1\n--index-url ADDRESS/simple"],
  ["another index, behind a mark that only some take for an end of a line", "1.6.1\u2028--index-url ADDRESS/simple"],
])("a pickle whose version is %s installs nothing", async (_, version) => {
  const folder = join(temporaryFolder(), "mine");
  const out = join(temporaryFolder(), "out");
  mkdirSync(folder);
  writeFileSync(join(folder, "model.pkl"), linear(version.replace("ADDRESS", address)));
  const { code, stderr } = await runCommandLine(["init", folder, "--yes", "--out", out]);
  expect({ code, asked, made: existsSync(out) }).toEqual({ code: 1, asked: [], made: false });
  expect(stderr).toContain("model.pkl: In the place of a library's version it says");
});

it("a bundle whose requirements name an address is not locked, and says which lines", async () => {
  const folder = copyBundle("glm-fit", "from-elsewhere");
  const requirements = join(folder, "requirements.txt");
  const own = readFileSync(requirements, "utf8").trimEnd();
  const first = own.split("\n").length + 1;
  writeFileSync(requirements, `${own}\ncanary @ ${address}/canary.whl\n--extra-index-url ${address}/simple\n`);
  const { code, stderr } = await runCommandLine(["lock", folder]);
  expect({ code, asked }).toEqual({ code: 1, asked: [] });
  expect(stderr).toContain(`requirements.txt:${first}: "canary @ ${address}/canary.whl" is more than`);
  expect(stderr).toContain(`requirements.txt:${first + 1}: "--extra-index-url ${address}/simple" is more than`);
});

it("--require takes packages of the index alone", async () => {
  const { code, stderr } = await runCommandLine(["init", ".", "--yes", "--require", `canary @ ${address}/canary.whl`]);
  expect({ code, asked }).toEqual({ code: 2, asked: [] });
  expect(stderr).toContain("it takes a package of the index, such as nltk==3.8, and no address, path or option");
});
