// A kept HTTP/1.1 connection that costs a fraction of node:http's: ten times what a server can take must come from the machine
// that runs it. It reads answers with a content-length, which is what a prediction and a problem have.
import { connect } from "node:net";

const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** What the load itself ran out of says nothing of the server. */
const OWN_LIMITS = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "EADDRINUSE"]);

export class LeanConnection {
  #chunks = [];
  #size = 0;
  #needed = 0;
  #waiting;
  #isUsed = false;
  isOpen = true;
  isConnected = false;

  constructor({ host, port, localAddress }, onClose) {
    this.socket = connect({ host, port, localAddress, noDelay: true });
    this.socket.on("connect", () => (this.isConnected = true));
    this.socket.on("data", (chunk) => this.#read(chunk));
    this.socket.on("error", (error) => {
      if (OWN_LIMITS.has(error.code)) throw error;
    }); // "close" follows
    this.socket.on("close", () => {
      this.isOpen = false;
      this.#settle({ status: this.isConnected ? "lost" : "refused", reused: this.#isUsed });
      onClose(this);
    });
  }

  /** settle: called once with {status, head, body}, status a number, or "lost" or "refused". */
  send(bytes, settle) {
    this.#waiting = settle;
    this.socket.write(bytes);
  }

  /** The caller has no more patience. */
  leave() {
    this.#waiting = undefined;
    this.socket.destroy();
  }

  #settle(answer) {
    const settle = this.#waiting;
    this.#waiting = undefined;
    settle?.(answer);
  }

  #read(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const end = bytes.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const head = bytes.latin1Slice(0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    this.#needed = end + END_OF_HEAD.length + length;
    if (bytes.length < this.#needed) {
      this.#chunks = [bytes];
      return;
    }
    const body = bytes.subarray(end + END_OF_HEAD.length, this.#needed);
    [this.#chunks, this.#size, this.#needed] = [[], 0, 0];
    this.#isUsed = true;
    const isLast = /\r\nconnection: *close/i.test(head);
    if (isLast) this.socket.end();
    if (isLast) this.isOpen = false;
    this.#settle({ status: Number(head.slice(9, 12)), head, body });
  }
}
