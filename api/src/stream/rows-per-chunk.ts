/** Four megabytes of numbers: enough that a chunk's own cost is nothing, and little enough that a dozen are nothing either. */
const CELLS = 512 * 1024;
const [FEWEST, MOST] = [64, 8192];

/** How many rows of a stream are read, predicted and written together: a power of two, as blocks are. */
export const rowsPerChunk = (columns: number): number =>
  Math.min(MOST, Math.max(FEWEST, 2 ** Math.floor(Math.log2(CELLS / columns))));
