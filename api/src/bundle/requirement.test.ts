import { linesThatAreNone, readRequirement } from "./requirement";

test.each([
  ["numpy", { name: "numpy", spec: "" }],
  [" scikit-learn==1.6.1 ", { name: "scikit-learn", spec: "==1.6.1" }],
  ["uvicorn[standard, h2] >=0.2, <1", { name: "uvicorn[standard, h2]", spec: ">=0.2, <1" }],
  ["torch==2.1.0+cpu", { name: "torch", spec: "==2.1.0+cpu" }],
  ["numpy~=1.26.0", { name: "numpy", spec: "~=1.26.0" }],
  ["numpy==1.*", { name: "numpy", spec: "==1.*" }],
])("%s is a name and bounds of its version", (text, read) => {
  expect(readRequirement(text)).toEqual(read);
});

test.each([
  ["numpy @ http://127.0.0.1/x.whl"],
  ["numpy@file:///tmp/x.whl"],
  ["http://127.0.0.1/x.whl"],
  ["git+https://example.org/x"],
  ["./x.whl"],
  ["/tmp/x"],
  ["-r other.txt"],
  ["-e ."],
  ["--index-url=http://127.0.0.1/"],
  ["numpy --index-url http://127.0.0.1/"],
  ["numpy==1.2\nevil"],
  ["numpy==1.2\revil"],
  ["numpy==1.2 evil"],
  ["numpy\u2028evil"],
  ["numpy==1.2\u0085evil"],
  ["numpy==1.2; python_version > '3'"],
  ["numpy==1.2 # mine"],
  ["numpy==${HOME}"],
  ["numpy=1.2"],
  [""],
])("%j is no such thing", (text) => {
  expect(readRequirement(text)).toBeUndefined();
});

test("of a requirements.txt every line is told that is more than names, bounds, markers and comments", () => {
  const lines = [
    "# mine",
    "",
    "numpy==1.26.4  # of the training",
    "tomli>=1; python_version < '3.11' and platform_system == 'Linux'",
    "evil @ http://127.0.0.1/x.whl  # numpy",
    "  --extra-index-url http://127.0.0.1/",
    "numpy; @ http://127.0.0.1/x.whl",
    "six==1.0 \\",
    "# mine\u2028evil @ http://127.0.0.1/x.whl",
  ];
  expect(linesThatAreNone(lines.join("\r\n")).map(({ line }) => line)).toEqual([5, 6, 7, 8, 10]);
});
