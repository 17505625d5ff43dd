import type { Compression, Container } from "./reading";

const magics: readonly (readonly [magic: string | Buffer, compression: Compression])[] = [
  [Buffer.of(0x1f, 0x8b), "gzip"],
  [/* with its block size */ "BZh", "bz2"],
  [Buffer.from("fd377a585a00", "hex"), "xz"],
  [Buffer.from("5d0000", "hex"), "lzma"],
  [Buffer.from("04224d18", "hex"), "lz4"],
  [Buffer.from("28b52ffd", "hex"), "zstd"],
  [/* joblib before 0.10: "ZF", the length in hexadecimal, then zlib */ "ZF0x", "zlib"],
];

export function compressionOf(content: Buffer): Compression | null {
  for (const [magic, compression] of magics) if (startsWith(content, magic)) return compression;
  const isZlib = content.length > 2 && (content[0] ?? 0) === 0x78 && content.readUInt16BE(0) % 31 === 0;
  return isZlib ? "zlib" : null;
}

export interface Recognised {
  readonly container: Container;
  readonly note: string;
}

/** What is surely no pickle, with what to do about it; undefined: it may be one. */
export function recognise(content: Buffer): Recognised | undefined {
  if (content.length === 0)
    return { container: "empty", note: "The file is empty: dump the model again, or fetch the file again." };
  const known = others.find(({ magic }) => startsWith(content, magic));
  if (known) return { container: known.container ?? "unknown", note: known.note };
  if (content.subarray(0, 4).equals(Buffer.from("efbfbd", "hex")) || isDamaged(content))
    return {
      container: "utf8-damaged",
      note: "Something read this binary file as text and wrote it again, so that bytes are lost: fetch the original again, as binary.",
    };
  return undefined;
}

/** The replacement character where a pickle's, gzip's or zlib's high byte was. */
function isDamaged(content: Buffer): boolean {
  const replacement = Buffer.from("efbfbd", "hex");
  return [0, 1].some((from) => content.subarray(from, from + 3).equals(replacement));
}

interface Other {
  readonly magic: string | Buffer;
  readonly note: string;
  readonly container?: Container;
}

const xgboost =
  "Load it with xgboost (Booster.load_model, or XGBClassifier.load_model) and dump that object with joblib.";
const others: readonly Other[] = [
  {
    magic: "version https://git-lfs.github.com/spec/",
    container: "git-lfs-pointer",
    note: "This is a Git LFS pointer, not the file itself: run `git lfs pull` in its repository.",
  },
  {
    magic: Buffer.from("\x93NUMPY", "latin1"),
    note: "This is a numpy array (.npy), not a pickle: load it with numpy.load.",
  },
  {
    magic: Buffer.from("\x89HDF\r\n", "latin1"),
    note: "This is an HDF5 file, such as Keras writes: it is no pickle. Picklepod serves pickles and joblib files.",
  },
  {
    magic: "PK\x03\x04",
    note: "This is a zip archive, such as PyTorch, Keras and numpy.savez write: it is no pickle. Picklepod serves pickles and joblib files.",
  },
  {
    magic: Buffer.from("\x08", "latin1"),
    note: "This looks like an ONNX or protobuf file, not a pickle: Picklepod serves pickles and joblib files.",
  },
  { magic: '{"learner"', note: `This is an XGBoost model as JSON, not a pickle. ${xgboost}`, container: "text" },
  { magic: "{L\0\0\0\0\0\0\0\x07learner", note: `This is an XGBoost model as UBJSON, not a pickle. ${xgboost}` },
  { magic: "binf", note: `This is an XGBoost model in its old binary format, not a pickle. ${xgboost}` },
  {
    magic: "tree\nversion=",
    note: "This is a LightGBM model as text, not a pickle: load it with lightgbm.Booster(model_file=…) and dump that.",
    container: "text",
  },
  {
    magic: "CBM1",
    note: "This is a CatBoost model in its own format, not a pickle: load it with catboost and dump that object with joblib.",
  },
  { magic: "PAR1", note: "This is a Parquet file: it holds data, no model." },
  { magic: "SQLite format 3\0", note: "This is an SQLite database: it holds no pickle that Picklepod could read." },
  { magic: "%PDF", note: "This is a PDF file, not a pickle." },
  { magic: "\x7fELF", note: "This is a program, not a pickle." },
];

function startsWith(content: Buffer, magic: string | Buffer): boolean {
  const bytes = Buffer.from(magic as string);
  return content.subarray(0, bytes.length).equals(bytes);
}

/** What to say of a file that cannot be followed as a pickle. */
export function noPickle(content: Buffer): Recognised {
  const start = content.subarray(0, 4096);
  if (!isText(start))
    return {
      container: "unknown",
      note: "This is no pickle, and nothing else that Picklepod knows: look at how it was written, and write it with joblib.dump.",
    };
  const text = start.toString("utf8").trimStart().toLowerCase();
  const what = /^<(!doctype|html|\?xml|head|body)/.test(text)
    ? "This is a web page, not a pickle: the download brought a page in its place. Fetch the file itself."
    : /^[[{"]/.test(text)
      ? "This is a JSON text, not a pickle."
      : "This is a text, not a pickle.";
  return { container: "text", note: what };
}

function isText(start: Buffer): boolean {
  const whole = start.toString("utf8");
  // A cut through a character at the end is no fault.

  return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(whole) && !whole.slice(0, -3).includes("\ufffd");
}
