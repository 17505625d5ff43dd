import { needlesOf } from "./pointers";
import type { Danger } from "./reading";

/** A zone of this name is a path: pandas opens that file, when it loads or when it first needs the zone. */
const zone = "dateutil/";
export const zoneWhat =
  "It says dateutil/, which makes pandas open the file that follows as a time zone: use another zone's name.";
const needles = needlesOf(zone);

/** A text of which escapes hide that from whoever looks at the bytes. */
export const hidesZone = (text: string): boolean => text.replaceAll("\0", "").includes(zone);

/** Where a stream that has something of pandas says it. */
export function zoneDangers(content: Buffer, globals: readonly string[]): Danger[] {
  if (!globals.some((name) => name.startsWith("pandas."))) return [];
  const offset = needles.map((needle) => content.indexOf(needle)).find((place) => place >= 0);
  return offset === undefined ? [] : [{ code: "arguments", what: zoneWhat, offset }];
}
