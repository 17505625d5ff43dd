import { z } from "zod";

/** What a step and its output may be called. */
export const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a letter, then letters, digits and _");

export const columnNames = z.array(z.string()).min(1);

/** Where a step's columns come from: names of the table, all of one tensor, or an earlier step's output as a whole. */
export const source = {
  columns: z.union([z.enum(["numbers", "categories", "texts"]), columnNames]).optional(),
  from: name.optional(),
};

/** What code is handed: see docs/model-yaml.md. */
export const forms = ["matrix", "dataframe", "categorical", "text", "dense"] as const;
export const call = { ...source, as: z.enum(forms).default("matrix"), output: name };
