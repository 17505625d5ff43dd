import { ask } from "../../src/check/ask";
import { knownCalls, type Known, startLoad } from "../load";
import { type Listening, pause, startReady, until } from "../start-picklepod";
import { syntheticRows } from "../synthetic-rows";

jest.setTimeout(900_000); // the first start on a machine makes environments

let picklepod: Listening;
let calls: Known[];
let url: string;
const proved = (): number => picklepod.log.filter((line) => line["event"] === "proof").length;
beforeAll(async () => {
  picklepod = await startReady({ models: ["classification"], env: { SIDECARS: "2" } });
  await until(60_000, "both have their proof", () => (proved() === 2 ? true : undefined));
  url = `${picklepod.url}/models/classification/predictions`;
  calls = await knownCalls(url, syntheticRows("classification", 40, 11));
});
afterAll(() => picklepod.stop());

it("two sidecars of one environment answer as one", async () => {
  expect(picklepod.sidecarPids()).toHaveLength(2);
  const load = startLoad(url, calls, 50);
  await pause(1_000);
  const { wrong, right, refused } = await load.stop();
  expect({ wrong, refused }).toEqual({ wrong: 0, refused: {} });
  expect(right).toBeGreaterThan(20);
});

it("one that is killed leaves the other serving: the pod is ready all the time, and no answer is wrong", async () => {
  const [first = 0] = picklepod.sidecarPids();
  const load = startLoad(url, calls, 50);
  process.kill(first, "SIGKILL");
  const ready: number[] = [];
  await until(60_000, "the third has its proof", async () => {
    ready.push((await ask(`${picklepod.url}/readyz`)).status);
    return proved() === 3 ? true : undefined;
  });
  const { wrong, right } = await load.stop();
  expect({ wrong, ready: [...new Set(ready)] }).toEqual({ wrong: 0, ready: [200] });
  expect(right).toBeGreaterThan(20);
  expect(picklepod.sidecarPids()).toHaveLength(3); // of which the first is gone
});
