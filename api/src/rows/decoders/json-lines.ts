import type { CreateDecoder } from "./decoder";
import { createBomFilter, readJson, rowTooLong } from "./row-texts";

const [NEWLINE, RETURN] = [0x0a, 0x0d];
const BLANK = /^[ \t\r]*$/;

/** Empty lines are passed over at once: a packed body may hold millions of them. */
function firstOfALine(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === NEWLINE || bytes[at] === RETURN) at += 1;
  return at;
}

/** A row a line; blank lines are none. A line that is not JSON is a row that is refused. */
export const jsonLines: CreateDecoder = (to, maxRowBytes) => {
  const withoutBom = createBomFilter();
  let held: Buffer[] = [];
  let heldBytes = 0;

  const line = (bytes: Buffer): void => {
    if (bytes.length <= 2 && BLANK.test(bytes.toString("latin1"))) return;
    if (bytes.length > maxRowBytes) throw rowTooLong(to.next, maxRowBytes);
    const pointer = `#/${to.next}`;
    const read = readJson(bytes, pointer);
    if ("value" in read) to.add(read.value);
    else if (!BLANK.test(bytes.toString("latin1")))
      to.refuse(read.faults ?? [{ detail: `The line is ${read.fault}.`, pointer }]);
  };
  const takeHeld = (more: Buffer): Buffer => {
    if (heldBytes === 0) return more;
    const whole = Buffer.concat([...held, more]);
    [held, heldBytes] = [[], 0];
    return whole;
  };

  return {
    *decode(sent) {
      const bytes = withoutBom(sent, false);
      let start = heldBytes === 0 ? firstOfALine(bytes, 0) : 0;
      for (let end = bytes.indexOf(NEWLINE, start); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        line(takeHeld(bytes.subarray(start, end)));
        start = firstOfALine(bytes, end + 1);
        if (to.room === 0) yield;
      }
      if (start === bytes.length) return;
      held.push(bytes.subarray(start));
      heldBytes += bytes.length - start;
      if (heldBytes > maxRowBytes) throw rowTooLong(to.next, maxRowBytes);
    },
    *end() {
      line(takeHeld(withoutBom(Buffer.alloc(0), true)));
      if (to.room === 0) yield;
    },
    unfinished: () => heldBytes,
  };
};
