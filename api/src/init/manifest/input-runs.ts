import type { PlannedInput } from "../plan/plan";

const FEWEST = 4;

/** Inputs such as x0, x1, … x9 of one kind as a single x{0..9}. */
export function inputRuns(inputs: readonly PlannedInput[]): PlannedInput[] {
  const runs: PlannedInput[] = [];
  for (let at = 0; at < inputs.length;) {
    const end = endOfRun(inputs, at);
    const [first, last] = [inputs[at], inputs[end - 1]];
    if (first !== undefined && last !== undefined && end - at >= FEWEST) {
      runs.push({ ...first, name: `${stemOf(first.name)}{${numberOf(first.name)}..${numberOf(last.name)}}` });
    } else runs.push(...inputs.slice(at, end));
    at = end;
  }
  return runs;
}

function endOfRun(inputs: readonly PlannedInput[], start: number): number {
  const first = inputs[start];
  if (first === undefined || !NUMBERED.test(first.name)) return start + 1;
  const [stem, number, kind] = [stemOf(first.name), numberOf(first.name), kindOf(first)];
  let end = start + 1;
  for (let next = inputs[end]; next?.name === `${stem}${number + end - start}`; next = inputs[end]) {
    if (kindOf(next) !== kind) break;
    end += 1;
  }
  return end;
}

// No zero leads the number: x01 is not what {1..9} makes.
const NUMBERED = /^[A-Za-z_][A-Za-z_0-9]*?(?:0|[1-9]\d{0,8})$/;
const numberOf = (name: string): number => Number(/(?:0|[1-9]\d*)$/.exec(name)?.[0] ?? NaN);
const stemOf = (name: string): string => name.slice(0, name.length - String(numberOf(name)).length);
const kindOf = ({ entry, comment }: PlannedInput): string => JSON.stringify([entry, comment]);
