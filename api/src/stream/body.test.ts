import { recognise } from "./body";
import { ARROW, CSV, JSON_LIST, NDJSON } from "./media";

async function* pieces(...texts: string[]): AsyncGenerator<Buffer, void, void> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text, "latin1"));
}

it.each([
  ["a row of its own", ['{"x":1}\n'], NDJSON],
  ["a row behind blanks that came alone", ["\n", "  ", '{"x":1}\n'], NDJSON],
  ["a list behind a byte order mark that came alone", ["\xef\xbb\xbf", "[{}]"], JSON_LIST],
  ["names behind blanks", ["\r\n", "x,y\n1,2\n"], CSV],
  ["Arrow's stream", ["\xff\xff\xff\xff"], ARROW],
  ["Arrow's file format, which the decoder refuses by its name", ["ARROW1\0\0\xff"], ARROW],
  ["the same in pieces", ["ARR", "OW1\0", "\0\xff"], ARROW],
  ["a name like it", ["ARROW1", ",x\n1,2\n"], CSV],
  ["nothing but blanks", ["\n", "\n"], CSV],
  ["nothing", [], CSV],
])(
  "a body without a name is known by its first byte that is not blank, and is given whole: %s",
  async (_, texts, media) => {
    const found = await recognise(pieces(...texts));
    const given: Buffer[] = [];
    for await (const piece of found.bytes) given.push(piece);
    expect([found.media, Buffer.concat(given).toString("latin1")]).toEqual([media, texts.join("")]);
  },
);

it("blanks are not looked through for ever", async () => {
  let read = 0;
  async function* blanks(): AsyncGenerator<Buffer, void, void> {
    for (; ; read += 1) yield await Promise.resolve(Buffer.alloc(1_000, " "));
  }
  expect((await recognise(blanks())).media).toBe(CSV);
  expect(read).toBeLessThan(70);
});
