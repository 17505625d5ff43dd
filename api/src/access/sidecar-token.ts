import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import type { Settings } from "../settings";
import { AccessError } from "./access-error";

const TOKEN = /^[\x21-\x7e]{16,}$/;

/** What sidecars know the API by: as set, or another one at each start. @throws AccessError */
export function sidecarTokenOf({ SIDECAR_TOKEN, SIDECAR_TOKEN_FILE: file }: Settings): string {
  if (file === "") return SIDECAR_TOKEN || randomBytes(32).toString("base64url");
  const token = read(file).trim();
  if (TOKEN.test(token)) return token;
  throw new AccessError(
    `SIDECAR_TOKEN_FILE=${file} holds no token: 16 or more visible ASCII characters, such as \`openssl rand -hex 32\` prints.`,
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AccessError(`SIDECAR_TOKEN_FILE=${file} cannot be read (${String(code)}). Mend the path or its rights.`);
  }
}
