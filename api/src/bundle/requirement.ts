const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
const EXTRAS = `\\[[ \\t]*${NAME}(?:[ \\t]*,[ \\t]*${NAME})*[ \\t]*\\]`;
const SPECIFIER = "(?:~=|===?|!=|<=?|>=?)[ \\t]*[0-9][0-9A-Za-z.*+!_-]*";
const requirement = new RegExp(
  `^(${NAME}(?:[ \\t]*${EXTRAS})?)[ \\t]*(${SPECIFIER}(?:[ \\t]*,[ \\t]*${SPECIFIER})*)?$`,
);

/** What of a package is wanted: `name[extra]`, and `>=1,<2` or nothing. */
export interface NamedRequirement {
  readonly name: string;
  readonly spec: string;
}

/**
 * A name and bounds of its version, and nothing else that installers would take: no URL, no path, no option, no second
 * line. Undefined where it is something else: what is installed runs, so that a text of a stranger's may not say from where.
 */
export function readRequirement(text: string): NamedRequirement | undefined {
  const [, name, spec = ""] = requirement.exec(text.replace(/^[ \t]+|[ \t]+$/g, "")) ?? [];
  return name === undefined ? undefined : { name, spec };
}

/** Python 3.7 in `; python_version > "3.7"`: nothing of it names a place. */
const marker = /^[\w\s.<>=!~'"(),-]+$/;

/** The lines of a requirements.txt that are none: by their numbers, from 1. Comments and markers are allowed. */
export function linesThatAreNone(requirements: string): { line: number; text: string }[] {
  return requirements.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).flatMap((text, place) => {
    const [wanted = "", ...markers] = text.replace(/(^|[ \t])#.*$/, "").split(";");
    const isRead = wanted.trim() === "" ? markers.length === 0 : readRequirement(wanted) !== undefined;
    return isRead && markers.every((one) => marker.test(one)) ? [] : [{ line: place + 1, text }];
  });
}
