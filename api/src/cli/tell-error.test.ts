import { BundleError } from "../bundle/finding";
import { PortError } from "../listen";
import { Problem } from "../problems";
import { SettingsError } from "../settings";
import { CannotPrepare } from "../supervise/cannot-prepare";
import { exitCodes } from "./exit-codes";
import { toldOf } from "./tell-error";
import { UsageError } from "./usage-error";

const finding = {
  file: "mine/model.yaml",
  line: 3,
  message: "the key extras is unknown",
  remedy: "Did you mean extra?",
};

it("what a person can mend is told by its message and remedy, and ends with the code of its kind", () => {
  const faults = [{ detail: "x is missing", pointer: "#/0/x" }];
  const errors = [
    new BundleError([finding]),
    new Problem("invalid-rows", { detail: "The rows are not what the model takes.", faults }),
    new CannotPrepare("Python 3.9 is missing", "pyenv install 3.9"),
    new PortError("The port 8080 is in use."),
    new SettingsError("PORT=x: a whole number."),
    new UsageError("--port x: a port is a whole number"),
  ];
  expect(errors.map(toldOf)).toEqual([
    { ending: "findings", text: "mine/model.yaml:3: the key extras is unknown. Did you mean extra?" },
    { ending: "findings", text: "The rows are not what the model takes.\n#/0/x: x is missing" },
    { ending: "lacking", text: "Python 3.9 is missing\npyenv install 3.9" },
    { ending: "lacking", text: "The port 8080 is in use." },
    { ending: "usage", text: "PORT=x: a whole number." },
    { ending: "usage", text: "--port x: a port is a whole number" },
  ]);
});

it("anything else is a defect: its stack is shown, and that it is one", () => {
  const { ending, text } = toldOf(new TypeError("x is undefined"));
  expect({ ending, code: exitCodes[ending].code }).toEqual({ ending: "defect", code: 70 });
  expect(text).toMatch(/^TypeError: x is undefined\n {4}at .*This is a defect of Picklepod: please report it/s);
  expect(toldOf("a text that was thrown").text).toMatch(/a text that was thrown/);
});

it("Ctrl-C at a question ends as Ctrl-C does", () => {
  const error = Object.assign(new Error("User force closed the prompt"), { name: "ExitPromptError" });
  expect(toldOf(error)).toEqual({ ending: "interrupted", text: "interrupted" });
});
