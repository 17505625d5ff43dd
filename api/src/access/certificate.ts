import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";

import { AccessError } from "./access-error";
import { tellAudit } from "./audit";
import type { Log } from "./log";
import { watchFiles } from "./watch-file";

/** What callers know the server by, as it stands in its files now. */
export interface Certificate {
  readonly current: () => SecureContextOptions;
  /** Calls back with each new one, until what is given is called. */
  readonly onRenewed: (take: (context: SecureContextOptions) => void) => () => void;
  readonly reread: () => void;
  readonly stop: () => void;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Follows both files. While they do not fit each other, as between the two writes of a renewal, the one from before stays.
 * @throws AccessError
 */
export function openCertificate(files: CertificateFiles, log: Log): Certificate {
  let current = read(files);
  const takers = new Set<(context: SecureContextOptions) => void>();
  const reread = (): void => {
    try {
      current = read(files);
    } catch (error) {
      const text = `${(error as Error).message} The certificate from before stays in use.`;
      tellAudit(log, { who: WHO, action: ACTION, outcome: "refused" }, text, "error");
      return;
    }
    for (const take of takers) take(current);
    tellAudit(log, { who: WHO, action: ACTION, outcome: "taken" }, "the TLS certificate was read anew");
  };
  return {
    current: () => current,
    onRenewed: (take) => {
      takers.add(take);
      return () => takers.delete(take);
    },
    reread,
    stop: watchFiles([files.certFile, files.keyFile], reread),
  };
}

const WHO = "tls-files";
const ACTION = "read certificate";

function read({ certFile, keyFile }: CertificateFiles): SecureContextOptions {
  const context = { cert: readTlsFile(certFile, "TLS_CERT_FILE"), key: readTlsFile(keyFile, "TLS_KEY_FILE") };
  try {
    createSecureContext(context);
    return { ...context, minVersion: "TLSv1.2" };
  } catch (error) {
    const { code = (error as Error).message } = error as NodeJS.ErrnoException;
    throw new AccessError(
      `${certFile} (TLS_CERT_FILE) and ${keyFile} (TLS_KEY_FILE) are no certificate with its key (${code}). ` +
        "Both are PEM: the certificate first in its file, those that signed it behind it.",
    );
  }
}

/** @throws AccessError */
export function readTlsFile(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AccessError(`${setting}=${file} cannot be read (${String(code)}). Mend the path or its rights.`);
  }
}
