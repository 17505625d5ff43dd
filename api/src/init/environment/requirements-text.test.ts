import { parseRequirement, requirementsText } from "./requirements-text";

it("writes a line for each, whose reason may name a file of any name", () => {
  const text = requirementsText([
    { name: "numpy", spec: "==1.26.4", why: "requirements.txt\nevil @ http://127.0.0.1/" },
  ]);
  expect(text).toBe("numpy==1.26.4                # requirements.txt\\u000aevil @ http://127.0.0.1/\n");
});

it.each(["==1.0\nevil @ http://127.0.0.1/evil.whl", " @ http://127.0.0.1/evil.whl", "==1.0 --index-url x"])(
  "writes nothing that would install from elsewhere: %j",
  (spec) => {
    expect(() => requirementsText([{ name: "numpy", spec, why: "" }])).toThrow(/it is not installed/);
  },
);

it("reads what a person requires, by the name that the index knows", () => {
  expect(parseRequirement("Scikit_Learn == 1.6.1")).toEqual({
    name: "scikit-learn",
    spec: "== 1.6.1",
    why: "asked for",
  });
});
