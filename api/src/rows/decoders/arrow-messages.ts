import { Message, MessageHeader } from "apache-arrow";

import { Problem } from "../../problems";
import { FILE_MAGIC } from "./arrow-file";
import { isSoundMetadata } from "./arrow-metadata";
import { malformed } from "./row-texts";

/** A record batch is read whole: its sender chooses how large it is. */
const MOST_MESSAGE_BYTES = 128 * 1024 * 1024;

const MARKER_BYTES = 8;

/** Cuts an Arrow IPC stream into its messages. Each begins with ff ff ff ff, the length of its metadata, and these. */
export class ArrowMessages {
  private message = Buffer.alloc(MARKER_BYTES);
  private filled = 0;
  private kind: MessageHeader | undefined;
  ended = false;

  /** Whole messages of `bytes`, with what an earlier call held back. */
  *cut(bytes: Buffer): Generator<{ readonly bytes: Buffer; readonly kind: MessageHeader }> {
    let at = 0;
    while (at < bytes.length && !this.ended) {
      const taken = bytes.copy(this.message, this.filled, at);
      at += taken;
      this.filled += taken;
      if (this.filled < this.message.length) return;
      const kind = this.grow();
      if (kind === undefined) continue;
      yield { bytes: this.message, kind };
      this.start();
    }
    if (this.ended && at < bytes.length)
      throw malformed("Something follows the end of the Arrow stream; send one stream in a call.");
  }

  /** How many bytes there are of a message that is not whole. */
  get unfinished(): number {
    return this.filled;
  }

  private start(): void {
    [this.message, this.filled, this.kind] = [Buffer.alloc(MARKER_BYTES), 0, undefined];
  }

  /** Makes room for what has become known to follow; the message's kind where it is whole. */
  private grow(): MessageHeader | undefined {
    if (this.message.length === MARKER_BYTES) {
      if (this.message.equals(FILE_MAGIC))
        throw malformed(
          "The body is Arrow's file format; send an IPC stream, as pa.ipc.new_stream writes it in pyarrow.",
        );
      if (this.message.readUInt32LE(0) !== 0xffffffff) throw malformed("The body is no Arrow IPC stream.");
      const metadata = this.message.readUInt32LE(4);
      this.ended = metadata === 0;
      if (this.ended) this.start();
      else this.resize(MARKER_BYTES + metadata);
      return undefined;
    }
    if (this.kind === undefined) {
      const { headerType, bodyLength } = metadataOf(this.message.subarray(MARKER_BYTES));
      this.kind = headerType;
      if (bodyLength > 0) {
        this.resize(this.message.length + bodyLength);
        return undefined;
      }
    }
    return this.kind;
  }

  private resize(bytes: number): void {
    if (!(bytes <= MOST_MESSAGE_BYTES)) {
      throw new Problem("body-too-large", {
        detail: `A record batch of the body has more than ${MOST_MESSAGE_BYTES / 1024 / 1024} MB. Write smaller ones: in pyarrow, write_table(table, max_chunksize=10_000).`,
      });
    }
    // Memory of its own: columns are read in place, which needs them aligned to 8 bytes. Every byte of it is written.
    const grown = Buffer.allocUnsafeSlow(bytes);
    this.message.copy(grown);
    this.message = grown;
  }
}

/** The library reads beyond the end of what is too short, and finds nothing there. */
function metadataOf(bytes: Uint8Array): Message<MessageHeader> {
  const message = isSoundMetadata(bytes) ? decoded(bytes) : undefined;
  if (message && message.headerType in MessageHeader && message.bodyLength >= 0) return message;
  throw malformed("The body is no Arrow IPC stream: a message's metadata cannot be read.");
}

function decoded(bytes: Uint8Array): Message<MessageHeader> | undefined {
  try {
    return Message.decode(bytes);
  } catch {
    return undefined;
  }
}
