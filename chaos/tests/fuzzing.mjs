// R18: cases by the thousand, made from our own OpenAPI and from bytes gone wrong.
import { fuzz } from "../../fuzz/main.mjs";
import { atLeast, exactly } from "../goals.mjs";

export const fuzzing = {
  id: "R18",
  what: "schemathesis with our OpenAPI, mutations over raw sockets",
  patienceMs: 4 * 60 * 60_000,
  run,
};

const LEAST = { contract: [5_000, 200], sockets: [20_000, 2_000] };

async function run({ start, also, tell, short }) {
  const results = await fuzz({ start, also, short, tell, names: Object.keys(LEAST) });
  return results.flatMap(({ name, cases, findings }) => {
    for (const { wrong } of findings) tell(wrong);
    return [
      atLeast(`${name}: cases`, cases, LEAST[name][short ? 1 : 0]),
      exactly(`${name}: findings`, findings.length, 0),
    ];
  });
}
