import { z } from "zod";

const name = z.string().min(1);

/** What one key of a record holds. */
const field = z.union([
  z.strictObject({
    output: name,
    /** Rounded to so many decimals, without trailing zeros. */
    decimals: z.int().min(0).max(15).optional(),
    /** The value as a string. */
    text: z.boolean().optional(),
  }),
  /** The names of a step's columns: as they are, sorted, or the inputs behind them in order of first appearance. */
  z.strictObject({ columns_of: name, as: z.enum(["names", "sorted", "inputs"]).default("names") }),
  z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]) }),
  /** Every column of a matrix output as a key of its own. */
  z.strictObject({ spread: name }),
]);
export type Field = z.infer<typeof field>;

const fields = { fields: z.record(name, field), status: z.int().min(200).max(299).default(200) };
const sort = { sort: z.enum(["alphabetical"]).optional() };

/** The closed table of response shapes: what a contract can ask for, and what fills it in. */
export const responseSchema = z.discriminatedUnion("shape", [
  /** A list with a record per row. */
  z.strictObject({ shape: z.literal("records"), ...fields, ...sort }),
  /** An object with a record per row, by the row's own key. */
  z.strictObject({ shape: z.literal("keyed"), ...fields, ...sort }),
  /** An object with a record per row, by the row's number: "0", "1", … */
  z.strictObject({ shape: z.literal("by_index"), ...fields, ...sort }),
  /** The one row's record. */
  z.strictObject({ shape: z.literal("single"), ...fields, ...sort }),
  /** Python's text of a dict from key to value, and the seconds it took. */
  z.strictObject({
    shape: z.literal("python_repr"),
    value: z.strictObject({ output: name }),
    envelope: name,
    time: name,
    status: fields.status,
  }),
]);
export type ResponseContract = z.infer<typeof responseSchema>;

/** The closed table of request shapes. */
export const requestSchema = z.discriminatedUnion("shape", [
  z.strictObject({ shape: z.literal("rows") }),
  z.strictObject({ shape: z.literal("keyed"), envelope: name, ignore: z.array(z.string()).default([]) }),
  z.strictObject({ shape: z.literal("query") }),
]);
export type RequestContract = z.infer<typeof requestSchema>;

const NOT_OURS_TO_GIVE = [
  ...[
    "/v1",
    "/v2",
    "/models",
    "/livez",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/admin",
    "/console",
    "/ping",
    "/invocations",
  ],
  // inside a bundle's own address
  ...["/predictions", "/card"],
];
const isTaken = (path: string): boolean => NOT_OURS_TO_GIVE.some((own) => path === own || path.startsWith(`${own}/`));

const routeSchema = z
  .strictObject({
    path: z
      .string()
      .regex(/^(\/[A-Za-z0-9._-]+)+$/, "a path such as /predict")
      .refine((path) => !isTaken(path), {
        error: (issue) => `${String(issue.input)} is an address of Picklepod's own`,
      }),
    method: z.enum(["GET", "POST"]).default("POST"),
    request: requestSchema.default({ shape: "rows" }),
    response: responseSchema,
  })
  .refine((route) => (route.method === "GET") === (route.request.shape === "query"), {
    error: "a GET reads its row from the query string, a POST does not",
    path: ["request"],
  })
  .refine((route) => route.response.shape !== "single" || route.request.shape === "query", {
    error: "`single` answers one row: use it with a query string",
    path: ["response"],
  })
  .refine((route) => !["keyed", "python_repr"].includes(route.response.shape) || route.request.shape === "keyed", {
    error: "this shape needs rows with keys: request: {shape: keyed, …}",
    path: ["response"],
  });
export type RouteContract = z.infer<typeof routeSchema>;

export const contractSchema = z.strictObject({
  /** Where SEED_PORTS=1 serves this bundle's routes at the root. */
  port: z.int().min(1).max(65535).optional(),
  routes: z.array(routeSchema).default([]),
  /** Stands in place of the problem for 400 and 422. */
  errors: z.strictObject({ status: z.int().min(400).max(499), body: z.json() }).optional(),
});
export type Contract = z.infer<typeof contractSchema>;
