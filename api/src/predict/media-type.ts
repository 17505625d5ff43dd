import { parse } from "content-type";
import Negotiator from "negotiator";

/** The media type that a body is sent as (RFC 9110, section 8.3), in lower case; undefined where it is not in UTF-8. */
export function mediaTypeSent(contentType: string): string | undefined {
  const { type, parameters } = parse(contentType);
  const charset = parameters["charset"];
  return charset === undefined || /^utf-?8$/i.test(charset) ? type : undefined;
}

interface Range {
  readonly type: string;
  readonly quality: string | undefined;
}

/** No client lists so many; 2,000 of them, as fit into a header, took 7 ms of everybody's time. */
const MOST_RANGES = 64;

/** Parameters but q are passed over: what is written here has none that a client could choose by. */
const rangesOf = (accept: string): Range[] =>
  accept.split(",", MOST_RANGES).map((range) => {
    const { type, parameters } = parse(range);
    return { type, quality: parameters["q"] };
  });

const asHeader = ({ type, quality }: Range): string => (quality === undefined ? type : `${type};q=${quality}`);

/**
 * Which of the media types a client likes best (RFC 9110, section 12.5.1); the first that is offered where it leaves that
 * open, undefined where it takes none. `nameOf`: the name under which something is offered that goes by several.
 */
export function preferredMedia<Offered extends string>(
  accept: string | undefined,
  offered: readonly [Offered, ...Offered[]],
  nameOf = (type: string): string => type,
): Offered | undefined {
  if (!accept?.trim() || accept === "*/*") return offered[0];
  const ranges = rangesOf(accept).map(({ type, quality }) => asHeader({ type: nameOf(type), quality }));
  const [chosen] = new Negotiator({ headers: { accept: ranges.join(",") } }).mediaTypes([...offered]);
  return offered.find((media) => media === chosen);
}

/** Whether a client names a media type among those that it accepts: `*` names none. */
export const acceptsByName = (accept: string, media: string): boolean =>
  new Negotiator({ headers: { accept: rangesOf(accept).map(asHeader).join(",") } }).mediaTypes().includes(media);
