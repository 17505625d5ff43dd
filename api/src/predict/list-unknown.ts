/** A proxy that takes an answer's headers into one page of 4 KB must have room for the others too: else it loses a good answer. */
const MOST_CHARACTERS = 2_000;

/** In how many rows each input held what is unknown. No input's name looks like that of the last, which counts those not listed. */
export function listedUnknown(counts: ReadonlyMap<string, number>): string {
  let left = MOST_CHARACTERS;
  const all = Array.from(counts, ([name, rows]) => `${encodeURIComponent(name)}=${rows}, `);
  const listed = all.filter(({ length }) => {
    const fits = length <= left;
    if (fits) left -= length;
    return fits;
  });
  const notListed = all.length - listed.length;
  return notListed > 0 ? `${listed.join("")}+inputs=${notListed}` : listed.join("").slice(0, -2);
}
