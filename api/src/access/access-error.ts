/** What keeps strangers out cannot be had as the settings say: a person can mend it by reading the message. */
export class AccessError extends Error {
  override readonly name: string = "AccessError";
}
