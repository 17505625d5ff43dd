import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Made by openssl, as a person would. */
export function newCertificate(name: string): { certFile: string; keyFile: string } {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const subject = ["-subj", `/CN=${name}`, "-keyout", files.keyFile, "-out", files.certFile];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  return files;
}
