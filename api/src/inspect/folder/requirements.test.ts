import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readRequired } from "./requirements";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "picklepod-required-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function required(name: string, content: string | Buffer): Promise<readonly string[]> {
  writeFileSync(join(folder, name), content);
  const { requirements, python } = await readRequired([{ relative: name, path: join(folder, name), size: 1 }]);
  return [
    ...requirements.map((one) => one.name + one.spec),
    ...(python === undefined ? [] : [`Python ${python.version}`]),
  ];
}

test("requirements.txt as people write it", async () => {
  const lines = [
    "# mine",
    "Scikit_Learn == 1.2.2  # pinned",
    "uvicorn[standard]>=0.2 ; python_version > '3.7'",
    "-r other.txt",
    "numpy",
    "six @ file:///tmp/build/six",
  ];
  expect(await required("requirements.txt", lines.join("\r\n"))).toEqual([
    "scikit-learn==1.2.2",
    "uvicorn>=0.2",
    "numpy",
    "six",
  ]);
});

test("in UTF-16, as PowerShell writes it", async () => {
  const content = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("numpy==1.26.4\r\n", "utf16le")]);
  expect(await required("requirements.txt", content)).toEqual(["numpy==1.26.4"]);
});

test("conda's list, and its export", async () => {
  expect(
    await required(
      "requirements.txt",
      "# packages in environment at /opt:\nnumpy   1.19.2   py38h54aff64_0\nscipy=1.5.2=py38_0\n",
    ),
  ).toEqual(["numpy==1.19.2", "scipy==1.5.2"]);
});

test("environment.yml", async () => {
  const content =
    "name: x\nchannels:\n  - defaults\ndependencies:\n  - python=3.8\n  - scikit-learn=0.23.2\n  - pip:\n    - xgboost==1.6.2\n";
  expect(await required("environment.yml", content)).toEqual(["scikit-learn==0.23.2", "xgboost==1.6.2", "Python 3.8"]);
});

test("Pipfile, pyproject.toml and runtime.txt", async () => {
  expect(
    await required("Pipfile", '[packages]\nnumpy = "==1.2"\npandas = "*"\n[requires]\npython_version = "3.9"\n'),
  ).toEqual(["numpy==1.2", "pandas", "Python 3.9"]);
  expect(await required("pyproject.toml", '[project]\ndependencies = ["numpy>=1.2", "pandas"]\n')).toEqual([
    "numpy>=1.2",
    "pandas",
  ]);
  expect(await required("runtime.txt", "python-3.10.4\n")).toEqual(["Python 3.10.4"]);
});
