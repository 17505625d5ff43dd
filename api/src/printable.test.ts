import { printable, printableLines, shellWord, withPrintableTexts } from "./printable";

const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";

it("in one line, whatever would move the cursor or turn letters around is shown by its number", () => {
  expect(printable("a\nb\tc\u001b[2Jd\u0007\u009b")).toBe(String.raw`a\u000ab\u0009c\u001b[2Jd\u0007\u009b`);
  expect(printable("gpj.\u202eexe \u2066\u200f\ufeff\u2028")).toBe(String.raw`gpj.\u202eexe \u2066\u200f\ufeff\u2028`);
  expect(printable("Größe – 価格 🙂")).toBe("Größe – 価格 🙂");
});

it("in lines, only line ends, tabs and colours are left", () => {
  expect(printableLines(`one\n\t${RED}two${PLAIN}\r\n`)).toBe(`one\n\t${RED}two${PLAIN}${String.raw`\u000d`}\n`);
  expect(printableLines("\u001b[1;31mbold\u001b[m\u001b[2K\u001b]0;title\u0007")).toBe(
    `\u001b[1;31mbold\u001b[m${String.raw`\u001b[2K\u001b]0;title\u0007`}`,
  );
});

it("every text within a value is printable, keys too, and all else stays what it is", () => {
  const date = new Date(0);
  const value = { "a\u0000": ["\u001b", 1, null, { deep: "b\n" }], date };
  expect(withPrintableTexts(value)).toEqual({
    [String.raw`a\u0000`]: [String.raw`\u001b`, 1, null, { deep: String.raw`b\u000a` }],
    date,
  });
});

it.each([
  ["model.pkl", "model.pkl"],
  ["models/a-b_c:1,2=3@4+5%", "models/a-b_c:1,2=3@4+5%"],
  ["my model", "'my model'"],
  ["$(rm -r x)", "'$(rm -r x)'"],
  ["it's", String.raw`'it'\''s'`],
  ["", "''"],
])("for a shell, %j is %s", (text, word) => {
  expect(shellWord(text)).toBe(word);
});
