import type { Sample } from "../pin/sample-rows";
import type { Model } from "../predict/model";
import { firstDifference, sameButForKernels, withoutSeconds } from "./compare-answers";

it("between kernels numbers may part in their last digits, words may not", () => {
  const said = '{"p":0.123456789,"label":"yes 1"}';
  expect(sameButForKernels('{"p":0.123456788,"label":"yes 1"}', said)).toBe(true);
  expect(sameButForKernels('{"p":0.2,"label":"yes 1"}', said)).toBe(false);
  expect(sameButForKernels('{"p":0.123456789,"label":"no 1"}', said)).toBe(false);
  expect(sameButForKernels('{"p":[0.1]}', '{"p":[0.1,0.2]}')).toBe(false);
});

it("the seconds that a contract answers with are no part of the answer", () => {
  const response = { shape: "python_repr", envelope: "output", time: "time" };
  const routes = [{ method: "POST", path: "/predict", response }];
  const model = { bundle: { manifest: { contract: { routes } } } } as unknown as Model;
  const sample = (route: string) => ({ route }) as Sample;
  const answer = `{"output":"{'time': 3}","time":0.0123}`;
  expect(withoutSeconds(answer, sample("POST /predict"), model)).toBe(`{"output":"{'time': 3}","time":0}`);
  expect(withoutSeconds(answer, sample("POST /other"), model)).toBe(answer);
});

it("a difference is shown with what stands around it", () => {
  expect(firstDifference('[{"p":0.25}]', '[{"p":0.5}]')).toBe('…[{"p":0.25}]… in place of …[{"p":0.5}]…');
});
