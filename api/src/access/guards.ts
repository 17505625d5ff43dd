import type { Observer } from "../observer";
import type { Settings } from "../settings";
import { type Certificate, openCertificate } from "./certificate";
import { createDress, type Dress } from "./dress";
import type { Log } from "./log";
import { type KeptDoor, openDoor } from "./open-door";

/** All that stands between a process that answers and its callers. */
export interface Guards {
  readonly door: KeptDoor;
  readonly dress: Dress;
  /** Where callers come over TLS. */
  readonly certificate: Certificate | undefined;
  /** The files that say who may: now, and not when they are next looked at. */
  readonly reread: () => void;
  readonly stop: () => void;
}

/** @throws AccessError */
export function openGuards(settings: Settings, observer: Observer, log: Log): Guards {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, CORS_ORIGINS: origins } = settings;
  const certificate = certFile === "" ? undefined : openCertificate({ certFile, keyFile }, log);
  const door = openDoor(settings, observer, log);
  return {
    door,
    dress: createDress({ origins, hasTls: certificate !== undefined }),
    certificate,
    reread: () => {
      door.reread();
      certificate?.reread();
    },
    stop: () => {
      door.stop();
      certificate?.stop();
    },
  };
}
