import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "ignore" });

/** Made by openssl, as a person would: by itself, or by one that signs it and stands behind it in its file. */
export function newCertificate(name: string, signer?: CertificateFiles): CertificateFiles {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const [certFile, keyFile, asked] = ["cert.pem", "key.pem", "asked.pem"].map((file) => join(folder, file)) as [string, string, string]; // prettier-ignore
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${name}`];
  if (signer === undefined) openssl("req", "-x509", ...key, "-days", "2", "-keyout", keyFile, "-out", certFile);
  else {
    openssl("req", "-new", ...key, "-keyout", keyFile, "-out", asked);
    const signed = ["-CA", signer.certFile, "-CAkey", signer.keyFile, "-CAcreateserial", "-days", "2"];
    openssl("x509", "-req", "-in", asked, ...signed, "-out", certFile);
    appendFileSync(certFile, readFileSync(signer.certFile));
  }
  return { certFile, keyFile };
}
