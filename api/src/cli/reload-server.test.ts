import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { newCertificate } from "../../test/new-certificate";
import { reloadServer } from "./reload-server";

const given = { url: undefined, keyFile: undefined, json: true };
const authority = newCertificate("An Authority");
const shown = newCertificate("models.example", authority);
const asked: string[] = [];
const server = createServer({ cert: readFileSync(shown.certFile), key: readFileSync(shown.keyFile) }, (request, response) => {
  asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
  response.end(JSON.stringify({ bundles: [] }));
}); // prettier-ignore
const environment = { ...process.env };

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.env["PORT"] = String((server.address() as AddressInfo).port);
});
afterAll(() => {
  process.env = environment;
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const withTls = (certFile: string, host = "0.0.0.0"): void => {
  Object.assign(process.env, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: shown.keyFile, HOST: host });
};

it.each(["0.0.0.0", "::", "127.0.0.1"])("finds the server of the same settings by its certificate, HOST=%s", async (host) => {
  withTls(shown.certFile, host);
  await reloadServer(given);
  expect(asked).toEqual(["POST /admin/reload"]);
}); // prettier-ignore

it.each([
  ["of its own", undefined],
  ["of the same authority", authority],
])("gives no order to who shows another certificate, %s", async (_whose, signer) => {
  withTls(newCertificate("models.example", signer).certFile);
  await expect(reloadServer(given)).rejects.toThrow(/^https:\/\/127\.0\.0\.1:.* does not answer: /);
  expect(asked).toEqual([]);
});

it("believes the machine's authorities alone of a server that is named", async () => {
  withTls(shown.certFile);
  await expect(reloadServer({ ...given, url: `https://127.0.0.1:${process.env["PORT"] ?? ""}` })).rejects.toThrow("does not answer"); // prettier-ignore
  expect(asked).toEqual([]);
});

it("says which file cannot be read", async () => {
  withTls("/nowhere/cert.pem");
  await expect(reloadServer(given)).rejects.toThrow("TLS_CERT_FILE=/nowhere/cert.pem cannot be read");
});
