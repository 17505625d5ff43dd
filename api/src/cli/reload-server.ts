import { X509Certificate } from "node:crypto";
import { Agent } from "node:https";
import { isIPv6 } from "node:net";

import axios, { type AxiosResponse } from "axios";

import { readTlsFile } from "../access/certificate";
import type { ReloadOutcome } from "../control/reload-route";
import { readSettings } from "../settings";
import { endWith } from "./exit-codes";
import { keyHeaders } from "./key-file";
import { paint, print, printJson } from "./terminal";

/** The server could not be told; the message holds the remedy. */
class CannotReload extends Error {
  override readonly name = "CannotReload";
}

interface Reload {
  readonly url: string | undefined;
  readonly keyFile: string | undefined;
  readonly json: boolean;
}

/** @throws CannotReload, AccessError */
export async function reloadServer({ url, keyFile, json }: Reload): Promise<void> {
  const { at, agent } = url === undefined ? ownServer() : { at: url.replace(/\/+$/, ""), agent: undefined };
  const { status, data } = await post(`${at}/admin/reload`, keyHeaders(keyFile), agent);
  const { bundles, detail } = asAnswer(data);
  if (bundles === undefined)
    throw new CannotReload(`${at} answers ${status}: ${detail ?? "nothing that is understood"}`);
  if (json) printJson({ bundles });
  else for (const bundle of bundles) print(line(bundle));
  if (bundles.some(({ outcome }) => outcome === "refused")) endWith("findings");
}

/** As a signal nobody waits for. @throws CannotReload */
export function hangUp(pid: number): void {
  try {
    process.kill(pid, "SIGHUP");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ESRCH" ? "there is no such process" : "it is not yours";
    throw new CannotReload(
      `${pid} cannot be told: ${reason}. Name the process that \`picklepod serve\` or npm start runs.`,
    );
  }
  print(`${pid} reads its bundles again; its log says what came of it`);
}

interface Server {
  readonly at: string;
  readonly agent: Agent | undefined;
}

/** As the settings have it, which are its own. */
function ownServer(): Server {
  const { HOST, PORT, ADMIN_PORT, TLS_CERT_FILE: certFile } = readSettings();
  const host = HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : isIPv6(HOST) ? `[${HOST}]` : HOST;
  const at = `${certFile === "" ? "http" : "https"}://${host}:${ADMIN_PORT ?? PORT}`;
  return { at, agent: certFile === "" ? undefined : agentFor(certFile) };
}

/** Who holds the key of that very certificate is our server, whatever name it is for and whoever signed it. */
function agentFor(certFile: string): Agent {
  const ca = readTlsFile(certFile, "TLS_CERT_FILE");
  const own = new X509Certificate(ca); // the first in the file; those that signed it, which follow, have signed others too
  return new Agent({
    ca,
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { raw }) =>
      own.raw.equals(raw) ? undefined : new Error(`it shows another certificate than ${certFile}`),
  });
}

/** Without a time-out: an environment may have to be made, and artifacts trained. */
async function post(
  url: string,
  headers: Record<string, string>,
  httpsAgent: Agent | undefined,
): Promise<AxiosResponse<unknown>> {
  const options = { headers, proxy: false, maxRedirects: 0, validateStatus: null } as const;
  try {
    return await axios.post(url, undefined, { ...options, ...(httpsAgent && { httpsAgent }) });
  } catch (error) {
    const reason = (error as Error).message;
    throw new CannotReload(`${url} does not answer: ${reason}. Start the server with picklepod serve, or mend --url.`);
  }
}

function asAnswer(data: unknown): { bundles?: readonly ReloadOutcome[]; detail?: string } {
  if (typeof data !== "object" || data === null) return {};
  const { bundles, detail } = data as { bundles?: unknown; detail?: unknown };
  return {
    ...(Array.isArray(bundles) && { bundles: bundles as ReloadOutcome[] }),
    ...(typeof detail === "string" && { detail }),
  };
}

function line({ model, outcome, digest, reason }: ReloadOutcome): string {
  const colours = paint("stdout");
  const what = { live: colours.green, refused: colours.red, removed: colours.yellow, unchanged: colours.dim }[outcome](outcome); // prettier-ignore
  const now = digest === null ? "" : ` ${digest.slice(0, 12)}${outcome === "refused" ? " stays" : ""}`;
  return `${model}: ${what}${now}${reason === undefined ? "" : `\n  ${reason.replaceAll("\n", "\n  ")}`}`;
}
