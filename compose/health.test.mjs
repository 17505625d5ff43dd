import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "health-"));
after(() => rmSync(folder, { recursive: true }));

/** For a name that 127.0.0.1 does not have, and signed by nobody. */
function newCertificate() {
  const files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const subject = ["-subj", "/CN=models.example", "-keyout", files.keyFile, "-out", files.certFile];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  return files;
}

/** What the health check says of a server that answers /livez alone, as the image runs it. */
async function checked(server, path, env = {}) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const { PATH } = process.env;
    const given = { PATH, PORT: String(server.address().port), ...env };
    const script = join(import.meta.dirname, "health.mjs");
    const [code] = await once(spawn(process.execPath, [script, path], { env: given, stdio: "ignore" }), "exit");
    return code;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const answer = ({ url }, response) => response.writeHead(url === "/livez" ? 200 : 503).end();

test("who answers 200 is healthy, and nobody else is", async () => {
  assert.equal(await checked(http.createServer(answer), "/livez"), 0);
  assert.equal(await checked(http.createServer(answer), "/readyz"), 1);
});

test("with a certificate it is asked over TLS, whatever name that is for", async () => {
  const { certFile, keyFile } = newCertificate();
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: "TLSv1.2" };
  const env = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
  assert.equal(await checked(https.createServer(tls, answer), "/livez", env), 0);
  assert.equal(await checked(https.createServer(tls, answer), "/readyz", env), 1);
});

test("who does not speak TLS where it has to is not healthy", async () => {
  assert.equal(await checked(http.createServer(answer), "/livez", { TLS_CERT_FILE: "cert.pem" }), 1);
});
