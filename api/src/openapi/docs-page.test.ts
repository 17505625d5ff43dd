import { runInNewContext } from "node:vm";

import { docsFiles } from "./docs-page";

/** The page's own script, as it is served. */
function startScript(): string {
  let script = "";
  const handler = docsFiles.find(([path]) => path === "/docs/start.js")?.[1] as (...given: unknown[]) => void;
  handler({}, { type: () => ({ send: (text: string) => (script = text) }) });
  return script;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

interface Ui {
  readonly spec: unknown;
  readonly validatorUrl: unknown;
  readonly onComplete: () => void;
}

/** A browser as far as the script needs one, before an API that answers so. */
class Browser {
  readonly form = { hidden: true, addEventListener: (_: string, listener: Listener) => (this.submit = listener) };
  readonly told = { textContent: "" };
  readonly api = { textContent: "Reading" };
  readonly asked: unknown[] = [];
  readonly shown: Ui[] = [];
  readonly preauthorized: string[][] = [];
  submit: Listener = () => undefined;
  key = "";

  constructor(answer: (headers: Readonly<Record<string, string>>) => object) {
    const { form, told, api } = this;
    const elements: Readonly<Record<string, object>> = { key: form, told, api };
    const getKey = (): string => this.key;
    runInNewContext(startScript(), {
      setTimeout,
      document: { getElementById: (id: string) => elements[id] },
      FormData: class {
        get = getKey;
      },
      fetch: (url: string, { headers }: { headers: Record<string, string> }) => {
        this.asked.push([url, { ...headers }]);
        return Promise.resolve(answer(headers));
      },
      SwaggerUIBundle: (ui: Ui) => {
        this.shown.push(ui);
        ui.onComplete();
        return { preauthorizeApiKey: (...given: string[]) => this.preauthorized.push(given) };
      },
    });
  }
}
type Listener = (event: { preventDefault: () => void }) => void;

const answers = (status: number, body: object): object => ({ ok: status === 200, json: () => Promise.resolve(body) });

it("shows the document, and asks nobody whether it is valid", async () => {
  const browser = new Browser(() => answers(200, { openapi: "3.1.0" }));
  await settled();
  expect(browser.asked).toEqual([["openapi.json", {}]]);
  expect(browser.shown).toMatchObject([{ spec: { openapi: "3.1.0" }, validatorUrl: null }]);
  expect([browser.form.hidden, browser.preauthorized]).toEqual([true, []]);
});

it("asks for a key where one is needed, and uses it for what is tried too", async () => {
  const browser = new Browser(({ authorization }) =>
    authorization === "Bearer right" ? answers(200, {}) : answers(401, { detail: "The key is not valid." }),
  );
  await settled();
  expect([browser.form.hidden, browser.told.textContent, browser.shown]).toEqual([false, "The key is not valid.", []]);
  browser.key = "right";
  browser.submit({ preventDefault: () => undefined });
  await settled();
  expect([browser.form.hidden, browser.shown.length, browser.preauthorized]).toEqual([true, 1, [["bearer", "right"]]]);
});
