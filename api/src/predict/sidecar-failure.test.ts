import { NoReply } from "./post-bytes";
import { asFault, failureIn } from "./sidecar-failure";

it.each([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"],
  ...["EADDRNOTAVAIL", "EMFILE", "ENFILE"],
])("a sidecar that cannot be connected to (%s) is worth another try, and is counted as gone", (code) => {
  const problem = asFault(new NoReply(code, `connect ${code}`));
  expect(problem).toMatchObject({
    status: 503,
    members: { headers: { "retry-after": expect.stringMatching(/^[12]$/) as string } },
  });
  expect(failureIn(problem)).toBe("gone");
});

it("of a code that nobody knows the caller is told that the sidecar answered wrongly", () => {
  expect(asFault(new NoReply("HPE_INVALID_CONSTANT", "Expected HTTP/"))).toMatchObject({ status: 502 });
});
