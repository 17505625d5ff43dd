import type { Bundle } from "../bundle/read-bundles";
import { readSamples, type Sample } from "../pin/sample-rows";
import type { JsonSchema } from "./json-schema";

/** More, or larger ones, would hide what they are examples of. */
const MOST_EXAMPLES = 6;
const MOST_BYTES = 20_000;

/** A route's samples, which the bundle proves that it answers so. */
export interface RouteExamples {
  /** Requests that are predicted first. */
  readonly requests: Readonly<Record<string, JsonSchema>>;
  readonly responses: (status: number) => Readonly<Record<string, JsonSchema>>;
  /** The first request that is predicted. */
  readonly request: Sample["request"] | undefined;
}

type Named = readonly [name: string, sample: Sample];

/** @param route `METHOD /path` of a contract's route; undefined for the native one */
export type ExamplesOf = (route: string | undefined) => RouteExamples;

/** A folder that cannot be read, or has no samples, has no examples. */
export function examplesOf({ folder }: Bundle): ExamplesOf {
  let samples: Named[] = [];
  try {
    samples = [...readSamples(folder)];
  } catch {
    // what is wrong with them, `check` tells
  }
  const isGood = ([, { status }]: Named): boolean => status !== undefined && status < 300;
  const rank = (one: Named): number => (isGood(one) ? 0 : 1);
  const ranked = samples.filter(([, sample]) => isShort(sample)).toSorted((a, b) => rank(a) - rank(b));
  return (route) => {
    const here = ranked.filter(([, sample]) => sample.route === route);
    return {
      requests: examples(here, (sample) => sample.request),
      responses: (status) =>
        examples(
          here.filter(([, sample]) => sample.status === status),
          (sample) => sample.response,
        ),
      request: here.find(isGood)?.[1].request,
    };
  };
}

const isShort = ({ request, response }: Sample): boolean =>
  JSON.stringify([request, response ?? null]).length <= MOST_BYTES;

function examples(samples: readonly Named[], valueOf: (sample: Sample) => unknown): Record<string, JsonSchema> {
  return Object.fromEntries(
    samples.slice(0, MOST_EXAMPLES).map(([file, sample]) => {
      const name = file.replace(/\.json$/, "");
      return [name.replaceAll(/[^A-Za-z0-9._-]/g, "-"), { summary: name.replaceAll("-", " "), value: valueOf(sample) }];
    }),
  );
}
