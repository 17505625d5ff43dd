/** Something in a manifest that no schema can see: where it is, what it is, and how to mend it. */
export interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly remedy: string;
  /** Of inputs that are too many to be written out. */
  readonly isTooMany?: true;
}

/** The first names of what may be very many. */
export const list = (names: Iterable<string>): string => {
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === 12) break;
    shown.push(name);
  }
  return shown.join(", ");
};
