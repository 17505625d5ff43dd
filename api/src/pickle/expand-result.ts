/** What came of expanding a compressed file. */
export type Expanded =
  | { readonly is: "expanded"; readonly content: Buffer }
  | { readonly is: "refused"; readonly code: "expansion" | "malformed" | "trailing-bytes"; readonly what: string }
  | { readonly is: "not-possible"; readonly note: string };

export const tooLarge: Expanded = {
  is: "refused",
  code: "expansion",
  what: "It expands to more than 512 MB, or to far more than such a file should: a bomb, or no model.",
};

export const broken = (why: string): Expanded => ({
  is: "refused",
  code: "malformed",
  what: `It cannot be expanded (${why}): fetch the file again.`,
});

export const trailing: Expanded = {
  is: "refused",
  code: "trailing-bytes",
  what: "Bytes follow its compressed part that do not belong to it.",
};
