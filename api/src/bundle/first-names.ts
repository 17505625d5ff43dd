/** The first names of what may be very many. */
export const firstNames = (names: Iterable<string>): string => {
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === 12) break;
    shown.push(name);
  }
  return shown.join(", ");
};
