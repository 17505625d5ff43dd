import { spawnSync } from "node:child_process";

import { Refused } from "./cell";
import { columnsOf, type Input, inputSchema } from "./input-types";
import { cellReader } from "./input-types";

const read = (written: Record<string, unknown>, value: unknown): unknown => {
  const cell = cellReader(inputSchema.parse(written))(value);
  return cell instanceof Refused ? cell.allowed : cell;
};
const ALL = ["year", "month", "day", "weekday", "day_of_year", "epoch_days", "ordinal"];
const MORE = [...ALL, "hour", "minute", "second", "epoch_seconds"];

it.each<[Record<string, unknown>, unknown, unknown]>([
  [{ type: "date" }, "2024-05-17", [2024, 5, 17]],
  [{ type: "date", parts: ALL }, "2024-02-29", [2024, 2, 29, 3, 60, 19782, 738945]],
  [{ type: "date", parts: ALL }, "1969-12-31", [1969, 12, 31, 2, 365, -1, 719162]],
  [{ type: "time" }, "09:30", [9, 30]],
  [{ type: "time", parts: ["second", "hour"] }, "09:30:07.5", [7, 9]],
  [{ type: "datetime" }, "2024-05-17T09:30", [2024, 5, 17, 9, 30]],
  [{ type: "datetime" }, "2024-05-17 09:30:59+02:00", [2024, 5, 17, 9, 30]],
  [{ type: "datetime", parts: ["hour", "epoch_seconds"] }, "1970-01-01T00:30:00+01:00", [0, -1800]],
  [{ type: "datetime", parts: ["ordinal", "epoch_days"] }, "1970-01-01T00:30:00+01:00", [719163, -1]],
  [{ type: "datetime", parts: ["epoch_seconds"] }, "1970-01-01T00:00:00.1Z", [0.1]],
  [{ type: "date", format: "%d/%m/%Y" }, "3/12/2024", [2024, 12, 3]],
  [{ type: "datetime", format: "%Y.%m.%d (%H:%M) 100%%" }, "2024.01.02 (03:04) 100%", [2024, 1, 2, 3, 4]],
  [{ type: "date", null: "nan" }, null, [NaN, NaN, NaN]],
  [{ type: "date", null: "nan" }, "", [NaN, NaN, NaN]],
  [{ type: "date", absent: { default: "2000-01-01" } }, undefined, [2000, 1, 1]],
  [{ type: "date" }, undefined, 'a date such as "2024-05-17"'],
  [{ type: "date" }, "2024-02-30", 'a date such as "2024-05-17"'],
  [{ type: "date" }, "1900-02-29", 'a date such as "2024-05-17"'],
  [{ type: "date" }, "2024-5-17", 'a date such as "2024-05-17"'],
  [{ type: "date" }, "0000-01-01", 'a date such as "2024-05-17"'],
  [{ type: "date" }, " 2024-05-17", 'a date such as "2024-05-17"'],
  [{ type: "date" }, 20240517, 'a date such as "2024-05-17"'],
  [{ type: "time" }, "24:00", 'a time such as "09:30" or "09:30:00"'],
  [{ type: "time" }, "09:30:60", 'a time such as "09:30" or "09:30:00"'],
  [{ type: "datetime" }, "2024-05-17", 'a time such as "2024-05-17T09:30:00"'],
  [{ type: "datetime" }, "2024-05-17T09:30+24:00", 'a time such as "2024-05-17T09:30:00"'],
  [{ type: "date", format: "%d.%m.%Y" }, "3a12.2024", 'a text of the form "%d.%m.%Y"'],
])("%j takes %j", (written, value, expected) => {
  expect(read(written, value)).toEqual(expected);
});

it.each<[Record<string, unknown>, string]>([
  [{ type: "date", format: "%d/%m/%y" }, "%y is not one of %Y, %m, %d, %H, %M, %S"],
  [{ type: "date", format: "%d/%d/%Y" }, "a field is there twice"],
  [{ type: "datetime", format: "%Y-%m" }, "lacks %d, %H"],
])("%j has no format that can be read", (written, message) => {
  expect(inputSchema.safeParse(written).error?.issues).toMatchObject([{ path: ["format"], message }]);
});

it("a date has no hour, and a time no day", () => {
  expect(inputSchema.safeParse({ type: "date", parts: ["hour"] }).success).toBe(false);
  expect(inputSchema.safeParse({ type: "time", parts: ["day"] }).success).toBe(false);
});

it("each part is a column of its own", () => {
  expect(columnsOf("when", inputSchema.parse({ type: "date" }))).toEqual(["when_year", "when_month", "when_day"]);
  expect(columnsOf("age", { type: "number" } as Input)).toEqual(["age"]);
});

const script = `
import datetime as d, json, sys
def parts(text):
    t = d.datetime.fromisoformat(text)
    utc = t if t.tzinfo else t.replace(tzinfo=d.timezone.utc)
    seconds = (utc - d.datetime(1970, 1, 1, tzinfo=d.timezone.utc)).total_seconds()
    return [t.year, t.month, t.day, t.weekday(), t.timetuple().tm_yday, seconds // 86400, t.toordinal(),
            t.hour, t.minute, t.second, seconds]
print(json.dumps([parts(text) for text in json.load(sys.stdin)]))
`;
const moments = Array.from({ length: 400 }, (_, i) => {
  const iso = new Date((i - 120) * 7_777_777_773).toISOString();
  return `${iso.slice(0, 23)}000${i % 2 === 0 ? "" : "+05:30"}`;
});
const python = spawnSync("python3", ["-c", script], { input: JSON.stringify(moments) });
const itWithPython = python.error ? it.skip : it;

itWithPython("every part is the one that Python's datetime gives (SKIPPED where there is no python3)", () => {
  const ours = moments.map((text) => read({ type: "datetime", parts: MORE }, text));
  expect(ours).toEqual(JSON.parse(python.stdout.toString() || python.stderr.toString()));
});
