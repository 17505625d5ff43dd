import { installationFailure } from "./installation-failure";

/** What uv 0.13 really said. */
const said: [cause: string, uv: string, problem: RegExp, remedy: RegExp][] = [
  [
    "no wheel for this machine",
    "error: No solution found when resolving dependencies\n  cause: Because numpy==1.21.4 has no usable wheels and you " +
      "require numpy==1.21.4, we can conclude that your requirements are unsatisfiable.",
    /a locked package has no wheel for this machine and Python/,
    /linux\/amd64|Lock again/,
  ],
  [
    "a hash that differs",
    "error: Failed to download `six==1.17.0`\n  cause: Hash mismatch for `six==1.17.0`",
    /not the one whose hash is in the lock/,
    /Do not go on with it/,
  ],
  [
    "a full disk",
    "error: failed to write\n  cause: No space left on device (os error 28)",
    /the disk is full/,
    /Make room/,
  ],
  [
    "a certificate that is not trusted",
    "error: error sending request for url\n  cause: invalid peer certificate: UnknownIssuer",
    /certificate is not trusted/,
    /SSL_CERT_FILE/,
  ],
  ["something new", "error: the moon is full", /could not be made\. uv said:/, /docker compose up/],
];

it.each(said)("of %s, tells the cause, uv's own words and the remedy", (_, uv, problem, remedy) => {
  const failure = installationFailure("The environment for mine (Python 3.9.18)", uv);
  expect(failure.problem).toMatch(problem);
  expect(failure.problem).toContain(uv.split("\n")[0]);
  expect(failure.remedy).toMatch(remedy);
  expect(failure.message).toBe(`${failure.problem}\n${failure.remedy}`);
});

it.each([
  [
    "no way out",
    "error: Request failed after 3 retries in 4.3s\n  cause: error sending request for url (http://me:secret@index:81/joblib/)\n" +
      "  cause: tunnel error: failed to create underlying connection\n  cause: Connection refused (os error 111)",
    "the package index at index:81 cannot be reached (Connection refused (os error 111))",
  ],
  [
    "told to stay offline",
    "error: No solution found\nhint: Packages were unavailable because the network was disabled.",
    "the package index cannot be reached (Packages were unavailable because the network was disabled)",
  ],
])("of %s, one sentence tells which host and why", (_, uv, problem) => {
  const failure = installationFailure("The lock for mine", uv);
  expect(failure.problem).toBe(`The lock for mine could not be made: ${problem}`);
  expect(failure.remedy).toMatch(/^Check the network/);
});
