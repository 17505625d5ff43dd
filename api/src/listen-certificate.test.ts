import { copyFileSync, readFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import { connect, type TLSSocket } from "node:tls";

import { newCertificate } from "../test/new-certificate";
import { listen } from "./listen";
import { type Certificate, openCertificate } from "./access/certificate";

const first = newCertificate("first");
const second = newCertificate("second");
let said: string[];
const tell = (level: string) => (_fields: object, text: string) => void said.push(`${level}: ${text}`);
const log = { info: tell("info"), warn: tell("warn"), error: tell("error") };
beforeEach(() => (said = []));

/** The name that whoever listens shows to a new connection. */
function nameAt(url: string, options: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      { port: Number(new URL(url).port), rejectUnauthorized: false, ...options },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.on("error", reject);
  });
}

it("a renewed certificate is shown to new connections; those that stand go on", async () => {
  const files = newCertificate("old");
  const certificate: Certificate = openCertificate(files, log);
  const listening = await listen((_request, response) => response.end("answered"), 0, "127.0.0.1", { certificate });
  const standing = connect({ port: Number(new URL(listening.url).port), rejectUnauthorized: false });
  try {
    expect([new URL(listening.url).protocol, await nameAt(listening.url)]).toEqual(["https:", "old"]);
    copyFileSync(second.certFile, files.certFile);
    certificate.reread();
    expect(await nameAt(listening.url)).toBe("old"); // its key is not there yet
    copyFileSync(second.keyFile, files.keyFile);
    certificate.reread();
    expect(await nameAt(listening.url)).toBe("second");
    const answered = new Promise((resolve) => standing.once("data", (data: Buffer) => { resolve(data.toString()); })); // prettier-ignore
    standing.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await answered).toContain("answered");
    expect(said).toEqual([
      expect.stringMatching(/^error: .*are no certificate with its key .* The certificate from before stays in use\.$/),
      "warn: the TLS certificate was read anew",
    ]);
  } finally {
    standing.destroy();
    certificate.stop();
    listening.cut();
    await listening.drain();
  }
});

it("it is seen by itself that the files were renewed", async () => {
  const files = newCertificate("old");
  const certificate = openCertificate(files, log);
  try {
    copyFileSync(second.certFile, files.certFile);
    copyFileSync(second.keyFile, files.keyFile);
    const renewed = new Promise((resolve) => certificate.onRenewed(resolve));
    await renewed;
    expect(certificate.current().cert).toEqual(readFileSync(second.certFile));
  } finally {
    certificate.stop();
  }
});

it("nothing older than TLS 1.2 is spoken, and no plain HTTP", async () => {
  const certificate = openCertificate(first, log);
  const listening = await listen((_request, response) => response.end(), 0, "127.0.0.1", { certificate });
  try {
    await expect(nameAt(listening.url, { minVersion: "TLSv1", maxVersion: "TLSv1.1" })).rejects.toThrow();
    await expect(nameAt(listening.url, { maxVersion: "TLSv1.2" })).resolves.toBe("first");
    await expect(fetch(listening.url.replace("https", "http"))).rejects.toThrow();
  } finally {
    certificate.stop();
    listening.cut();
    await listening.drain();
  }
});

it.each([
  [
    "a file that is not there",
    { ...first, keyFile: "/nowhere/key.pem" },
    "TLS_KEY_FILE=/nowhere/key.pem cannot be read (ENOENT)",
  ],
  ["the key of another certificate", { ...first, keyFile: second.keyFile }, "are no certificate with its key"],
  ["a certificate for a key", { ...first, keyFile: first.certFile }, "are no certificate with its key"],
])("%s is refused at the start, with what to do", (_what, files, message) => {
  expect(() => openCertificate(files, log)).toThrow(message);
});

it("a cut ends every connection, also one on which nothing was said yet", async () => {
  const certificate = openCertificate(newCertificate("cut"), log);
  const listening = await listen((_request, response) => response.write("begun"), 0, "127.0.0.1", { certificate });
  const port = Number(new URL(listening.url).port);
  const silent = connectPlain(port, "127.0.0.1").on("error", () => undefined);
  const reading = connect({ port, rejectUnauthorized: false }).on("error", () => undefined);
  reading.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await new Promise((resolve) => reading.once("data", resolve));
  const drained = listening.drain().then(() => "drained");
  listening.cut();
  try {
    const late = new Promise((resolve) => setTimeout(resolve, 2_000, "late").unref());
    expect(await Promise.race([drained, late])).toBe("drained");
  } finally {
    for (const socket of [silent, reading]) socket.destroy();
    certificate.stop();
  }
});
