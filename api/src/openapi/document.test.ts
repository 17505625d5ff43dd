import { join } from "node:path";

import { readBundle } from "../bundle/read-bundles";
import { createModel } from "../predict/model";
import { problemNames } from "../problems";
import { project } from "../project";
import { type DocumentOptions, openApiDocument } from "./document";

type Json = Record<string, unknown>;
interface Document {
  readonly paths: Record<string, Record<string, Json>>;
  readonly components: { readonly schemas: Record<string, Json>; readonly responses: Record<string, Json> };
  readonly security?: unknown;
}

const served = (name: string) => createModel(readBundle(join(project.modelsFolder, name)));
const flights = served("flight-delay");
const options: DocumentOptions = {
  models: [flights],
  ...{ hasDefault: true, needsKey: false, hasMetrics: true, hasReload: true, hasControl: true },
};
const documentOf = (more: Partial<DocumentOptions> = {}): Document =>
  openApiDocument({ ...options, ...more }) as unknown as Document;

describe("its addresses", () => {
  it("are the native one, the contract's, and the default bundle's at the root", () => {
    expect(
      Object.entries(documentOf().paths).map(([path, methods]) => `${Object.keys(methods).join()} ${path}`),
    ).toEqual([
      "post,put /models/flight-delay/predictions",
      "get,post,put /models/flight-delay/prediction",
      "get,post,put /prediction",
      "get /livez",
      "get /readyz",
      "get /models",
      "get /models/{model}",
      "get /metrics",
      "post /admin/reload",
    ]);
  });

  it("leave out what is not on this port", () => {
    const paths = Object.keys(documentOf({ hasControl: false, hasDefault: false }).paths);
    expect(paths).toEqual(["/models/flight-delay/predictions", "/models/flight-delay/prediction", "/livez", "/readyz"]);
    const withLess = Object.keys(documentOf({ hasMetrics: false, hasReload: false }).paths);
    expect(withLess.filter((path) => /metrics|reload/.test(path))).toEqual([]);
  });

  it("have a name of their own for each operation, among several bundles", () => {
    const names = ["classification", "flight-delay", "job-transition", "glm-fit"];
    const { paths } = documentOf({ models: names.map(served) });
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one["operationId"]));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("keys", () => {
  it("are asked for where they are needed, but for health", () => {
    const { paths, components, security } = documentOf({ needsKey: true });
    expect(security).toEqual([{ bearer: [] }, { key: [] }]);
    expect(Object.keys((components as unknown as Json)["securitySchemes"] as Json)).toEqual(["bearer", "key"]);
    expect(paths["/livez"]?.["get"]?.["security"]).toEqual([]);
    expect(Object.keys(paths["/prediction"]?.["post"]?.["responses"] as Json)).toEqual(
      expect.arrayContaining(["401", "403"]),
    );
  });

  it("are not spoken of where they are not", () => {
    expect(JSON.stringify(documentOf())).not.toMatch(
      /"(security|securitySchemes)":\[?\{?"|#\/components\/responses\/401/,
    );
  });
});

it("tells every problem there is, but the one that nobody receives", () => {
  const told = new Set(JSON.stringify(documentOf()).match(/urn:picklepod:problem:[a-z-]+/g));
  const all = problemNames.filter((name) => name !== "client-gone").map((name) => `urn:picklepod:problem:${name}`);
  expect([...told].toSorted()).toEqual(all.toSorted());
});

it("shows the bundle's samples, those that are predicted first", () => {
  const post = documentOf().paths["/prediction"]?.["post"] as {
    requestBody: { content: Record<string, { examples: Json }> };
    responses: Record<string, { content: Record<string, { examples: Json }> }>;
  };
  expect(post.requestBody.content["application/json"]?.examples).toMatchObject({
    "many-flights": { value: [{ OPERA: "Iberia", TIPOVUELO: "I", MES: 1 }, {}, {}] },
    "type-z": { value: [{ TIPOVUELO: "Z" }] },
  });
  expect(Object.keys(post.responses["200"]?.content["application/json"]?.examples ?? {})).toEqual(["many-flights"]);
});

it("tells a query string's row as parameters", () => {
  const parameters = documentOf().paths["/prediction"]?.["get"]?.["parameters"] as Json[];
  expect(parameters.slice(1, 3)).toEqual([
    { name: "TIPOVUELO", in: "query", required: true, schema: { enum: ["I", "N"] } },
    { name: "MES", in: "query", required: true, schema: { enum: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] } },
  ]);
});

it("has what the contract ignores in a keyed row alone", () => {
  const { schemas } = documentOf({ models: [served("job-transition")] }).components;
  const [row, keyed] = ["Row", "KeyedRow"].map((kind) =>
    Object.keys(schemas[`job-transition.${kind}`]?.["properties"] as Json),
  );
  expect(row).toHaveLength(3_000);
  expect(keyed).toEqual(["target", ...(row ?? [])]);
});

it("tells a row that is too wide to be told by where it is told", () => {
  const { bundle } = flights;
  const [rules] = [...bundle.inputs.values()];
  if (!rules) throw new Error("a bundle has inputs");
  const inputs = new Map(Array.from({ length: 5_001 }, (_, i) => [`x${i}`, rules]));
  const { schemas } = documentOf({ models: [{ ...flights, bundle: { ...bundle, inputs } }] }).components;
  expect(schemas["flight-delay.Row"]).toEqual({
    type: "object",
    description:
      "A row of flight-delay, which has 5001 inputs: GET /models/flight-delay lists each with its type and rules.",
  });
});

it("says of a bundle that is trained here that its answers are not known yet", () => {
  const { paths } = documentOf({ models: [served("exercise-26")] });
  expect(JSON.stringify(paths["/predict"]?.["post"]?.["responses"])).toContain("once the model has been trained here");
});
