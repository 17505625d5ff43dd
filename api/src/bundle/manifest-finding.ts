/** Something in a manifest that no schema can see: where it is, what it is, and how to mend it. */
export interface ManifestFinding {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly remedy: string;
  /** Of inputs that are too many to be written out. */
  readonly isTooMany?: true;
}
