// npm run sbom [-- --out folder] [-- --images]: a CycloneDX bill of materials of the API's image and of each bundle's sidecar, from
// what the images are built from. With --images also of what lies in the images themselves, which Docker must have built.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { environmentOf } from "../bench/servers/environment.mjs";
import { readBundle } from "../bench/places.mjs";
import { addBase, baseOf, billOfApi, billOfSidecar } from "./supply/bill.mjs";
import { packagesIn } from "./supply/image-packages.mjs";

const root = join(import.meta.dirname, "..");
const supply = join(import.meta.dirname, "supply");
const options = { out: { type: "string", default: join(root, "sbom") }, images: { type: "boolean" } };
const { values } = parseArgs({ options });
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const tell = (text) => process.stderr.write(`${text}\n`);

const tool = await environmentOf("tools", "3.13", tell, supply);
const files = [writeApi(), ...bundles().map(writeSidecar)];
execFileSync(tool, [join(supply, "validate_sbom.py"), ...files], { stdio: "inherit" });
console.log(`${files.length} bills of materials, each valid, in ${out}`);

function writeApi() {
  const base = baseOf(dockerfile("api"), {});
  return write("api", billOfApi(root), base, "picklepod-api-classification");
}

function writeSidecar(bundle) {
  const base = baseOf(dockerfile("sidecar"), { PYTHON: bundle.python });
  return write(`sidecar-${bundle.name}`, billOfSidecar(root, bundle, tool), base, `picklepod-sidecar-${bundle.name}`);
}

function write(name, bill, base, image) {
  const whole = addBase(bill, base, values.images ? found(image) : []);
  const file = join(out, `${name}.cdx.json`);
  writeFileSync(file, `${JSON.stringify(whole, undefined, 2)}\n`);
  console.log(`${file}: ${whole.components.length} components on ${base}`);
  return file;
}

function found(image) {
  try {
    return packagesIn(image);
  } catch (error) {
    tell(
      `${image} could not be looked into, so that its system's packages are left out: ${String(error.stderr || error.message).trim()}`,
    );
    return [];
  }
}

function dockerfile(name) {
  return readFileSync(join(root, `compose/${name}.Dockerfile`), "utf8");
}

function bundles() {
  const folders = readdirSync(join(root, "models")).map((name) => join(root, "models", name));
  return folders
    .filter((folder) => existsSync(join(folder, "model.yaml"))) // models/ also holds what makes the examples
    .map((folder) => readBundle(folder).manifest)
    .map(({ name, version, environment }) => ({ name, version, python: environment.python }));
}
