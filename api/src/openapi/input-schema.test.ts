import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";

import { Refused } from "../bundle/cell";
import { cellReader, type Input, inputSchema as manifestInput } from "../bundle/input-types";
import { inputSchema } from "./input-schema";

const ajv = new Ajv2020({ strict: false });
addFormats(ajv);

const LONE_SURROGATE = "\ud800x";
const NUMBERS = [0, -0, 1, 1.5, -3, 100, 101, 1e300, 9007199254740991, 9007199254740992, 5e-324];
const NUMBER_TEXTS = [
  "1",
  " 1.5 ",
  "+.5",
  "5.",
  "-3e2",
  "1e99",
  "1_000",
  "0x10",
  "inf",
  "Infinity",
  "1,5",
  "--1",
  "1 2",
  "۱",
  "\ufeff1",
];
const MONEY = [
  "$5",
  "$5,547.78",
  "-$5",
  "$-5",
  "+$5",
  "($12.30)",
  "(5)",
  "-($5)",
  "($-5)",
  "$$5",
  "5$",
  "(5",
  "$",
  "1,23",
  "12,345,678.9",
];
const PERCENTS = ["36.29%", " 36.29 % ", "%", "5%%", "-1%"];
const NOTHING = [null, "", " ", "\t\n", "nan", "NaN ", " nan", "na", "\u00a0"];
const WORDS = ["a", "A", "ä", "Ä", "b.c", "B.C", "bxc", "true", "false", "True", LONE_SURROGATE];
const DATES = [
  "2024-05-17",
  "2024-02-29",
  "2023-02-29",
  "0000-01-01",
  "2024-13-01",
  "2024-5-17",
  "24-05-17",
  "2024-05-17T00:00",
];
const TIMES = ["09:30", "9:30", "09:30:00", "09:30:59.123456789", "09:30:60", "24:00", "23:59:59.", "09:30Z"];
const DATETIMES = [
  "2024-05-17T09:30",
  "2024-05-17 09:30:00Z",
  "2024-05-17T09:30:00+02:00",
  "2024-05-17T09:30:00+24:00",
  "2024-05-17t09:30",
];
const OTHERS = [true, false, [], {}, [1], { a: 1 }];
const values = [NUMBERS, NUMBER_TEXTS, MONEY, PERCENTS, NOTHING, WORDS, DATES, TIMES, DATETIMES, OTHERS].flat();

/** What a cell may not be though a schema has no word for it: a text that is none in UTF-8. */
const knownExceptions: Readonly<Record<string, readonly unknown[]>> = {
  text: [LONE_SURROGATE],
  "text or nothing": [LONE_SURROGATE],
};

const inputs: readonly [string, object][] = [
  ["number", { type: "number" }],
  ["number or nothing", { type: "number", null: "nan" }],
  ["number with a default", { type: "number", null: { default: 3 } }],
  ["number in a range of which texts are not judged", { type: "number", min: -1e300, max: 1e301 }],
  ["number or a word", { type: "number", map: { a: 1, "b.c": 2 } }],
  ["integer", { type: "integer" }],
  ["integer or nothing", { type: "integer", null: "nan" }],
  ["boolean", { type: "boolean" }],
  ["boolean or nothing", { type: "boolean", null: "nan" }],
  ["currency", { type: "currency" }],
  ["currency or nothing", { type: "currency", null: "nan" }],
  ["percent", { type: "percent" }],
  ["percent as a fraction", { type: "percent", as: "fraction", null: "nan" }],
  ["category", { type: "category", values: ["a", "b.c", "ä"] }],
  ["category or nothing", { type: "category", values: ["a"], null: "zeros" }],
  ["category in any case", { type: "category", values: ["a", "b.c", "ä"], case: "ignore" }],
  ["category or another", { type: "category", values: ["a"], unknown: "zeros" }],
  ["numeric category", { type: "category", values: [1, 5, -3, 100] }],
  ["numeric category or another", { type: "category", values: [1], unknown: "zeros" }],
  ["text", { type: "text" }],
  ["text or nothing", { type: "text", null: { default: "" } }],
  ["date", { type: "date" }],
  ["date or nothing", { type: "date", null: "nan" }],
  ["date of another form", { type: "date", format: "%d.%m.%Y" }],
  ["time", { type: "time" }],
  ["datetime", { type: "datetime" }],
  ["datetime or nothing", { type: "datetime", null: "nan" }],
  ["ignored", { type: "ignored" }],
];

describe.each(inputs)("%s", (name, written) => {
  const input: Input = manifestInput.parse(written);
  const read = cellReader(input);
  const allows = ajv.compile(inputSchema(input));

  it.each(values.map((value) => [JSON.stringify(value), value]))("%s is allowed where it is taken", (_, value) => {
    if (knownExceptions[name]?.includes(value)) return;
    expect([value, allows(value)]).toEqual([value, !(read(value) instanceof Refused)]);
  });
});
