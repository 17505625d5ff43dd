import { type AnswerText, writeAnswerText, writeAtOnce } from "./answer-text";

const text: AnswerText = { head: "[", record: String, separator: ", ", tail: "]" };
const expected = (rows: number): string => `[${Array.from({ length: rows }, (_, row) => row).join(", ")}]`;

it.each([0, 1, 2, 500])("%i rows are written at once", (rows) => {
  expect(writeAnswerText(text, rows)).toBe(expected(rows));
});

it.each([501, 1_000, 1_234, 10_000])("%i rows are written in turns, to the same text", async (rows) => {
  const written = writeAnswerText(text, rows);
  expect(written).toBeInstanceOf(Promise);
  expect(await written).toBe(expected(rows));
  expect(writeAtOnce(text, rows)).toBe(expected(rows));
});

it("what is written in turns lets others have theirs", async () => {
  const seen: string[] = [];
  const record = (row: number): string => {
    if (row % 500 === 0) seen.push(`row ${row}`);
    return "";
  };
  const others = setInterval(() => seen.push("another's turn"));
  await writeAnswerText({ ...text, record }, 200_000);
  clearInterval(others);
  expect(seen.indexOf("another's turn")).toBeGreaterThan(seen.indexOf("row 0"));
  expect(seen.indexOf("another's turn")).toBeLessThan(seen.indexOf("row 199500"));
});

it("a record that cannot be written ends the answer", async () => {
  const record = (row: number): string => {
    if (row === 700) throw new RangeError("no such row");
    return "";
  };
  await expect(writeAnswerText({ ...text, record }, 1_000)).rejects.toThrow("no such row");
});

it("an answer that nobody wants any more is written no further than its turn", async () => {
  let written = 0;
  const record = (): string => String((written += 1));
  let turns = 0;
  const gone = (): void => {
    if ((turns += 1) === 2) throw new Error("gone");
  };
  await expect(writeAnswerText({ ...text, record }, 10_000, gone)).rejects.toThrow("gone");
  expect(written).toBe(1_000);
});
