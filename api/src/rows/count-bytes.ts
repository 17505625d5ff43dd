/** Whether a byte is there more than `most` times: it is counted no further, and not at all where there is no room for so many. */
export function countBytes(bytes: Buffer, byte: number, most: number): number {
  if (bytes.length <= most) return 0;
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1 && count <= most; at = bytes.indexOf(byte, at + 1)) count += 1;
  return count;
}
