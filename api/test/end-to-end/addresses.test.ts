import { createServer } from "node:net";

import { readManifest } from "../../src/bundle/read-manifest";
import { ask, json } from "../../src/check/ask";
import { copyBundle, editManifest } from "../bundle-copy";
import { bundleFolder } from "../bundles";
import { isAlive, type Listening, startReady } from "../start-picklepod";

jest.setTimeout(900_000); // the first start on a machine makes environments

const QUERY = "prediction?MES=1&OPERA=Iberia&TIPOVUELO=I";
const NOT_FOUND = "urn:picklepod:problem:not-found";

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  });
}

it("the five declare the ports of the systems they replace", () => {
  const portOf = (name: string) => readManifest(`${bundleFolder(name)}/model.yaml`).contract.port;
  expect(["job-transition", "classification", "glm-fit", "flight-delay", "exercise-26"].map(portOf)).toEqual([
    9000, 1313, 1313, 5000, 8888,
  ]);
});

describe("where a bundle's routes stand", () => {
  let picklepod: Listening;
  let ports: number[];
  beforeAll(async () => {
    ports = [await freePort(), await freePort()];
    const folders = ["flight-delay", "glm-fit"].map((original, i) => {
      const folder = copyBundle(original, `${original}-${i}`);
      editManifest(folder, (text) => text.replace(/port: \d+/, `port: ${ports[i] ?? 0}`));
      return folder;
    });
    picklepod = await startReady({ models: folders, env: { SEED_PORTS: "1" } });
  });
  afterAll(() => picklepod.stop());

  it("the default bundle's at the root, every bundle's under its name, with or without its version", async () => {
    const addresses = [QUERY, `models/flight-delay-0/${QUERY}`, `models/flight-delay-0@1/${QUERY}`];
    for (const address of addresses) {
      expect((await ask(`${picklepod.url}/${address}`)).text).toBe('{"response":"1"}');
    }
    for (const address of ["models/glm-fit-1/json", "models/glm-fit-1@1/json", "models/glm-fit-1/predictions"]) {
      expect((await ask(`${picklepod.url}/${address}`, { body: "{}" })).status).toBe(422);
    }
  });

  it.each([
    "/json",
    "/predictions",
    "/models/glm-fit-1@2/json",
    "/models/nope/json",
    "/models/flight-delay-0/json",
    "/",
  ])("nothing at %s", async (path) => {
    const answer = await ask(picklepod.url + path, { body: "{}" });
    expect({ status: answer.status, name: (json(answer) as { type: string }).type }).toEqual({
      status: 404,
      name: NOT_FOUND,
    });
  });

  it("SEED_PORTS=1: each at the root of its own port too, alone", async () => {
    const [flights = 0, glm = 0] = ports;
    expect((await ask(`http://127.0.0.1:${flights}/${QUERY}`)).text).toBe('{"response":"1"}');
    expect((await ask(`http://127.0.0.1:${glm}/json`, { body: "{}" })).status).toBe(422);
    expect((await ask(`http://127.0.0.1:${glm}/${QUERY}`)).status).toBe(404);
    expect((await ask(`http://127.0.0.1:${glm}/models`)).status).toBe(404);
  });

  it("the sidecar is asked on loopback alone, and raw inference is not passed on", async () => {
    const metadata = await ask(`${picklepod.url}/v2/models/glm-fit-1`);
    expect({ status: metadata.status, state: (json(metadata) as { state: string }).state }).toEqual({
      status: 200,
      state: "ready",
    });
    expect((await ask(`${picklepod.url}/v2/models/glm-fit-1/infer`, { body: "{}" })).status).toBe(404);
    expect(picklepod.sidecarPids().every(isAlive)).toBe(true);
  });

  it("GET /models/{name} tells the inputs in order, the outputs, the digest, the proof and the block rules", async () => {
    const shown = json(await ask(`${picklepod.url}/models/glm-fit-1`)) as Record<string, unknown>;
    expect((shown["inputs"] as { name: string }[]).map(({ name }) => name)).toEqual(
      ["x5", "x31", "x81", "x91", "x53", "x44", "x12", "x62", "x58", "x56"], // prettier-ignore
    );
    expect(shown).toMatchObject({
      name: "glm-fit-1",
      version: "1",
      state: "ready",
      outputs: [
        { name: "phat", datatype: "FP64", columns: null },
        { name: "business_outcome", datatype: "BYTES", columns: null },
      ],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      proof: expect.stringMatching(/^(exact|other-kernel)$/) as unknown,
      blocks: { phat: expect.stringMatching(/^(any|multiple \d+|constant \d+)$/) as unknown },
    });
  });
});

it("MODELS=all: classification is the default bundle", async () => {
  const picklepod = await startReady({ models: ["all"] });
  try {
    const { models } = json(await ask(`${picklepod.url}/models`)) as { models: { name: string; default: boolean }[] };
    expect(models.map(({ name }) => name)).toEqual(
      ["classification", "exercise-26", "flight-delay", "glm-fit", "job-transition", "support-tickets"], // prettier-ignore
    );
    expect(models.filter((model) => model.default).map(({ name }) => name)).toEqual(["classification"]);
    expect((await ask(`${picklepod.url}/predict`, { body: "[]" })).status).toBe(422);
  } finally {
    await picklepod.stop();
  }
});
