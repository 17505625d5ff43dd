import { Problem } from "../problems";

/** `rows`: how many there are, or "more" where they were not all counted. */
export function tooManyRows(rows: number | "more", maxRows: number): Problem {
  const have =
    rows === "more"
      ? `The call has more than ${maxRows} rows`
      : `The call has ${rows} rows; at most ${maxRows} are taken`;
  return new Problem("body-too-large", {
    detail: `${have}. Send them in more calls, or raise limits.rows in model.yaml.`,
  });
}
