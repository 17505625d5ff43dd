import type { Danger, DangerCode } from "./reading";

/** More would only be more of the same, and a hostile file can hold millions. */
const most = 100;

/** The dangers of a file: each kind of thing once, at its first place. */
export class Dangers {
  readonly list: Danger[] = [];
  private readonly told = new Set<string>();

  add(code: DangerCode, what: string, offset: number, global?: string): void {
    if (this.list.length >= most) return;
    const key = `${code} ${what}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.list.push({ code, what, offset, ...(global === undefined ? {} : { global }) });
  }
}

/** What ends the reading: nothing behind it can be trusted to be what it seems. */
export class CannotFollow extends Error {
  constructor(
    readonly code: DangerCode,
    what: string,
    readonly offset: number,
  ) {
    super(what);
  }
}

/** The file is shorter than it says, as one is that was not fetched to its end. */
export class EndsEarly extends CannotFollow {}
