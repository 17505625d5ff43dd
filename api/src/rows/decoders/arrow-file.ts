/** What Arrow's file format begins with, which is not its stream: a file that is called .arrow or .feather. */
export const FILE_MAGIC = Buffer.from("ARROW1\0\0", "latin1");
