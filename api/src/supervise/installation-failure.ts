import { CannotPrepare, isUsualPlatform, type Lack } from "./cannot-prepare";

interface Cause {
  sign: RegExp;
  problem: string;
  remedy: string;
  lack?: Lack;
}

const unreachable =
  /error sending request|dns error|failed to lookup|connection (refused|reset)|timed out|network was disabled|tunnel error/i;
const CHECK_NETWORK =
  "Check the network; UV_DEFAULT_INDEX and HTTPS_PROXY are passed on. An environment, once made, needs no network.";

/** What uv says when it fails, and what to do. The first that matches counts: a cause that names itself before the symptoms. */
const causes: readonly Cause[] = [
  {
    sign: /hash mismatch|hashes? .*(do|does) not match|in `--require-hashes` mode/i,
    problem: "a package is not the one whose hash is in the lock",
    remedy: "Do not go on with it: find out who changed the lock or the package; if you did, lock again.",
  },
  {
    sign: /no space left|disk quota/i,
    problem: "the disk is full",
    remedy:
      "Make room, and start again; folders in .picklepod/environments that no bundle uses any more can be deleted.",
  },
  {
    sign: /certificate|UnknownIssuer/i,
    problem: "the package index's certificate is not trusted here",
    remedy: "Set SSL_CERT_FILE to your organisation's certificates, or UV_SYSTEM_CERTS=1 to use the system's.",
  },
  {
    sign: unreachable,
    problem: "the package index cannot be reached",
    remedy: CHECK_NETWORK,
  },
  {
    sign: /no usable wheels|no wheels? with a matching|no matching .*(platform|abi|python)|wheels are required for|only has wheels for/i,
    problem: "a locked package has no wheel for this machine and Python",
    remedy: isUsualPlatform()
      ? "Lock again for the Python that the bundle names: this lock was made for another one."
      : "Some wheels exist for x86-64 Linux only: there, `docker compose up` with platform: linux/amd64.",
    lack: "wheels",
  },
];

/** One message for a person: the cause in a sentence where it is known, uv's last lines in any case, and what to do. */
export function installationFailure(what: string, uvSaid: string): CannotPrepare {
  const cause = causes.find(({ sign }) => sign.test(uvSaid));
  if (cause?.sign === unreachable) return outOfReach(what, uvSaid);
  const lines = uvSaid
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("Using Python"))
    .slice(-12)
    .map((line) => `  ${line}`);
  return new CannotPrepare(
    `${what} could not be made${cause === undefined ? "" : `: ${cause.problem}`}. uv said:\n${lines.join("\n")}`,
    (cause ?? otherCause()).remedy,
    cause?.lack,
  );
}

/** One sentence: which host, and why. All else that uv says of it is how often it tried. */
function outOfReach(what: string, uvSaid: string): CannotPrepare {
  const host = /https?:\/\/(?:[^\s/@)]*@)?([^\s/)]+)/.exec(uvSaid)?.[1];
  const why = [...uvSaid.matchAll(/^\s*(?:cause|hint|error): (.*)$/gm)].at(-1)?.[1];
  const index = host === undefined ? "the package index" : `the package index at ${host}`;
  return new CannotPrepare(
    `${what} could not be made: ${index} cannot be reached${why === undefined ? "" : ` (${why.replace(/\.$/, "")})`}`,
    CHECK_NETWORK,
  );
}

export const isOutOfReach = (uvSaid: string): boolean =>
  causes.find(({ sign }) => sign.test(uvSaid))?.sign === unreachable;

const otherCause = () => ({
  remedy: isUsualPlatform()
    ? "See what uv says above; `docker compose up` is the other way to run it."
    : "See what uv says above. Some wheels exist for x86-64 Linux only: there, `docker compose up` with platform: linux/amd64.",
});
