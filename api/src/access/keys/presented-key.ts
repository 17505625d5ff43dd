import type { IncomingMessage } from "node:http";

import { Problem } from "../../problems";
import type { Needs } from "../door";
import { type ApiKey, type FindKey, recognise } from "./api-key";
import { isControlScope } from "./scopes";

const BEARER = /^bearer +(\S+)$/i;

/** As `Authorization: Bearer <key>`, or as `X-API-Key: <key>`, beside which a proxy may have an Authorization of its own. */
function presentedKey({ headers }: IncomingMessage): string | undefined {
  const { authorization, "x-api-key": own } = headers;
  const bearer = BEARER.exec(authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  if (typeof own === "string") return own;
  return authorization === undefined ? undefined : "";
}

/** The key that came with the request, or the Problem unauthorized. It is never told what was presented. */
export function keyOf(request: IncomingMessage, find: FindKey): ApiKey | Problem {
  const presented = presentedKey(request);
  if (presented === undefined) return unauthorized("This needs an API key", "");
  return (
    recognise(presented, find) ?? unauthorized("The API key is not valid here, or no more", ', error="invalid_token"')
  );
}

const unauthorized = (what: string, error: string): Problem =>
  new Problem("unauthorized", {
    detail: `${what}. Send it as \`Authorization: Bearer <key>\` or \`X-API-Key: <key>\`; whoever runs this server makes one with \`picklepod key new\`.`,
    headers: { "www-authenticate": `Bearer realm="picklepod"${error}` },
  });

export function isFor({ scopes }: ApiKey, needs: Needs): boolean {
  if (needs === "open" || needs === "key") return true;
  if (isControlScope(needs)) return scopes.has(needs) || scopes.has("control");
  return scopes.has(needs.bundle) || scopes.has("*");
}

/** @throws Problem forbidden */
export function checkScope(key: ApiKey, needs: Needs): void {
  if (isFor(key, needs)) return;
  const { id, scopes } = key;
  const scope = typeof needs === "object" ? needs.bundle : needs;
  throw new Problem("forbidden", {
    detail: `The API key ${id} is not for ${scope}, but for ${[...scopes].join(", ")}. Use another one, or let one be made with the scope ${scope}.`,
  });
}
