import { hash, randomBytes, timingSafeEqual } from "node:crypto";

/** What the keys file knows of a key: who holds it and what it is for, but not the key. */
export interface ApiKey {
  /** Names its holder in the log and in the counts of its calls. */
  readonly id: string;
  readonly sha256: Buffer;
  /** Names of bundles, `*` for all of them, `control` for the control plane, `control:…` for that much of it. */
  readonly scopes: ReadonlySet<string>;
  /** No longer valid from then on, in ms since 1970. */
  readonly expires: number;
}

export const KEY_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const KEY = /^pp_([a-z0-9-]{1,63})_[A-Za-z0-9_-]{43}$/;

/** 256 random bits, which nobody guesses: so one round of sha256 keeps them, and no slow hash is needed. */
export const newKey = (id: string): string => `pp_${id}_${randomBytes(32).toString("base64url")}`;

export const digestOf = (key: string): Buffer => hash("sha256", key, "buffer");

export type FindKey = (id: string) => ApiKey | undefined;

const NOBODY = Buffer.alloc(32);

/** The key that was presented, where it is one of ours and still valid. */
export function recognise(presented: string, find: FindKey): ApiKey | undefined {
  const id = KEY.exec(presented)?.[1];
  if (id === undefined) return undefined;
  const known = find(id);
  // as long for an id that nobody has
  const isSame = timingSafeEqual(digestOf(presented), known?.sha256 ?? NOBODY);
  return isSame && known !== undefined && Date.now() < known.expires ? known : undefined;
}
