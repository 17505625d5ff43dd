// A bill of materials of each image, put together of what the tools of npm and of Python make, and of the image's base.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { requirements } from "./locks.mjs";

const SPEC = "1.5"; // what npm writes
const LARGE = { encoding: "utf8", maxBuffer: 1 << 28 };

/** Of what package-lock.json brings into the API's image. */
export function billOfApi(root) {
  const options = ["--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"];
  const stdio = ["ignore", "pipe", "pipe"];
  const bill = JSON.parse(execFileSync("npm", ["sbom", ...options], { cwd: root, stdio, ...LARGE }));
  const shipped = shippedOf(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const isShipped = (reference) => shipped.has(reference);
  bill.metadata.component.name = "picklepod-api"; // npm takes the folder's name
  const own = bill.metadata.component["bom-ref"];
  bill.components = bill.components.filter((component) => isShipped(component["bom-ref"]));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => ref === own || isShipped(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(isShipped) }));
  return bill;
}

/** What `npm ci --omit=dev` installs. `npm sbom --omit=dev` leaves out what tests need too, though it is shipped. */
const shippedOf = ({ packages }) =>
  new Set(
    Object.entries(packages)
      .filter(([folder, { dev }]) => folder !== "" && dev !== true)
      .map(([folder, { name, version }]) => `${name ?? folder.split("node_modules/").at(-1)}@${version}`),
  );

/** Of the bundle's own lock and, behind it on the path, the sidecar's. */
export function billOfSidecar(root, { name, version, python }, tool) {
  const [model, own] = [`models/${name}/requirements.lock`, `sidecar/locks/sidecar-${python}.txt`].map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  const input = `${model}\n${without(own, requirements(model))}`;
  const args = ["-m", "cyclonedx_py", "requirements", "-", "--spec-version", SPEC];
  const bill = JSON.parse(execFileSync(tool, args, { input, stdio: ["pipe", "pipe", "pipe"], ...LARGE }));
  for (const component of bill.components) delete component.description; // it is the lock's line once more
  bill.metadata.component = {
    ...{ type: "application", "bom-ref": `picklepod-sidecar-${name}` },
    ...{ name: `picklepod-sidecar-${name}`, version, licenses: [{ license: { id: "Apache-2.0" } }] },
  };
  return bill;
}

/** Of two packages of one name the model's is the one that is imported. */
function without(text, others) {
  const taken = new Set(others.map(({ name }) => name));
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split("\n")
    .filter((line) => !taken.has(requirements(line)[0]?.name))
    .join("\n");
}

/** The last FROM of a Dockerfile, with its arguments filled in: what the image stands on. */
export function baseOf(dockerfile, given) {
  const defaults = Object.fromEntries(
    [...dockerfile.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]),
  );
  const [, image] = [...dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+)/gm)].at(-1);
  return image.replaceAll(/\$\{?(\w+)\}?/g, (_, name) => given[name] ?? defaults[name]);
}

/** The base as one component, and each of the packages that were found in it as another. */
export function addBase(bill, base, packages = []) {
  const [name, tag] = base.split(":");
  const purl = `pkg:docker/${name}@${tag}`;
  const image = { type: "container", "bom-ref": purl, name, version: tag, purl };
  const found = packages.map(({ name: of, version, purl: at }) => ({
    ...{ type: "library", "bom-ref": at, name: of, version, purl: at },
  }));
  return { ...bill, components: [...(bill.components ?? []), image, ...found] };
}
