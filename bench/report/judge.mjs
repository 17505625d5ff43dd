// Whether what was reached is still there.
import { median } from "../load/percentiles.mjs";

/**
 * @param seen {[server id]: [{[measure]: number}, …]}, a round each
 * @param floors {noise, floors: [{what, against, measure, kind: "rate" | "time", floor}]}
 * @returns [{what, against, ratio, least, most, bound, lost}]: ratio is how many times as fast Picklepod is
 *
 * The median of the rounds' ratios is judged, so that what slowed one round down counts once. What is no number is lost.
 */
export function judge(seen, { noise, floors }) {
  return floors.map(({ what, against, measure, kind, floor }) => {
    const ratios = seen.picklepod.map((ours, round) => timesAsFast(kind, ours[measure], seen[against][round][measure]));
    const [ratio, bound] = [median(ratios), floor * (1 - noise)];
    return {
      what,
      against,
      ratio,
      least: Math.min(...ratios),
      most: Math.max(...ratios),
      bound,
      lost: !(ratio >= bound),
    };
  });
}

const timesAsFast = (kind, ours, theirs) => (kind === "rate" ? ours / theirs : theirs / ours);
