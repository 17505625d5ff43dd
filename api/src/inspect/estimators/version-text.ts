import { printable } from "../../printable";

/** A release as PEP 440 writes it, each number of sane length; what a builder of its own appends (`+cpu`) is left out. */
const release =
  /^(\d{1,8}(?:\.\d{1,8}){0,4}(?:(?:a|b|rc)\d{1,8})?(?:\.post\d{1,8})?(?:\.dev\d{1,8})?)(?:\+[a-z0-9.]{1,60})?$/;

/** No index knows such a version, but the letters are those of versions. */
const lettersOfVersions = /^[0-9A-Za-z.+-]*$/;

const LONGEST = 60;
const MOST = 5;

/** The versions that a file's texts say, which go into requirements.txt; and those texts that are none, which never do. */
export class VersionTexts {
  /** As one may be shown. */
  readonly none = new Set<string>();
  /** Letters that no version has, such as the end of a line: somebody wrote it who wants more than a version. */
  readonly hostile = new Set<string>();

  read(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const version = release.exec(text)?.[1];
    if (version !== undefined) return version;
    const kind = lettersOfVersions.test(text) ? this.none : this.hostile;
    if (kind.size < MOST) kind.add(printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text));
    return undefined;
  }
}
