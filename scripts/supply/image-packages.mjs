// What lies in an image beside what the locks brought: its system's packages, and its Node or Python.
import { execFileSync } from "node:child_process";

const PATIENCE_MS = 120_000;

/** @returns [{name, version, purl}] @throws where there is no Docker or no such image */
export function packagesIn(image) {
  const debian = inImage(image, ["dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture}\\n"]);
  const release = inImage(image, ["sh", "-c", ". /etc/os-release && echo $VERSION_ID"]).trim();
  return [...lines(debian).map((line) => debianPackage(line, release)), ...runtimeIn(image)];
}

/** The release is what says which advisories are meant. */
function debianPackage([name, version, architecture], release) {
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-${release}`;
  return { name, version, purl };
}

/** It was built from source, so that dpkg does not know it. */
function runtimeIn(image) {
  const script = "node --version 2>/dev/null || /usr/local/bin/python3 --version";
  const [, version] = /v?(\d+\.\d+\.\d+)/.exec(inImage(image, ["sh", "-c", script])) ?? [];
  const name = inImage(image, ["sh", "-c", "command -v node || true"]).trim() === "" ? "python" : "node";
  return version === undefined ? [] : [{ name, version, purl: `pkg:generic/${name}@${version}` }];
}

function inImage(image, [program, ...args]) {
  const run = ["run", "--rm", "--network", "none", "--read-only", "--entrypoint", program, image, ...args];
  return execFileSync("docker", run, { encoding: "utf8", timeout: PATIENCE_MS, stdio: ["ignore", "pipe", "pipe"] });
}

const lines = (text) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "));
