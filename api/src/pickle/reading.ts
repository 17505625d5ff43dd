import type { Value } from "./value";

/** What a file turned out to be, by its content. */
export type Container =
  | "pickle"
  | "joblib"
  | "git-lfs-pointer"
  /** A binary file that something read and wrote as UTF-8: 0x80 became EF BF BD. */
  | "utf8-damaged"
  | "empty"
  | "text"
  | "unknown";

export type Compression = "gzip" | "zlib" | "bz2" | "xz" | "lzma" | "lz4" | "zstd";

/** Why a pickle is not to be loaded; the same words in picklepod_gate. */
export type DangerCode =
  | "dangerous-global" // known to run code or to reach outside: os.system, builtins.eval, posix…
  | "unknown-global" // not among the honest ones and not in the bundle's code: custom code, or worse
  | "dotted-name" // a name with a dot, or a module that re-exports (sklearn.x.os)
  | "call" // REDUCE, NEWOBJ of something that is no honest class or constructor
  | "arguments" // an honest constructor with arguments that it never gets
  | "build" // BUILD on what is no instance of an honest class
  | "persistent-id"
  | "extension-code"
  | "old-instance" // INST, OBJ
  | "second-pickle"
  | "trailing-bytes"
  | "length" // a length or an integer beyond the file or reason
  | "depth" // nested beyond reason
  | "expansion" // expands to more than is reasonable (gzip bomb, memo bomb)
  | "formula" // a statsmodels formula beyond plain terms
  | "malformed"; // ends early, unknown opcode, stack underflow

export interface Danger {
  readonly code: DangerCode;
  /** One sentence: what is there, and what it would do. */
  readonly what: string;
  /** `module.name`, where one is meant. */
  readonly global?: string;
  /** Of the opcode, in the expanded stream. */
  readonly offset: number;
}

export interface Reading {
  readonly size: number;
  readonly sha256: string;
  readonly container: Container;
  readonly compression: Compression | null;
  /** As it says itself, else the highest that its opcodes belong to; null where it is no pickle. Not of nested pickles. */
  readonly protocol: number | null;
  /** `module.name` of every global that is named, sorted, each once, also of nested pickles. */
  readonly globals: readonly string[];
  readonly dangers: readonly Danger[];
  /** Arrays of joblib's stand as joblib has written them since 1.2: no earlier one can read them. */
  readonly alignedArrays?: true;
  /** Undefined where it is no pickle or cannot be followed to its end. */
  readonly root: Value | undefined;
  /** It ends early, or cannot be expanded, and nothing else is wrong: its one danger is that it cannot be loaded. */
  readonly isDamaged?: true;
  /** For what is no pickle, or damaged: one sentence that says what it is and what to do. */
  readonly note?: string;
}
