// What no caller should send, and the statuses that it may be told.
const json = { "content-type": "application/json" };

/** [{name, statuses, url, method?, headers, parts}] */
export function badRequests({ origin, model, url, row, list }) {
  const body = JSON.stringify(row);
  const [first] = Object.keys(row);
  const bad = (name, statuses, request) => ({ name, statuses, url, headers: json, ...request });
  const text = (name, statuses, sent) => bad(name, statuses, { parts: [Buffer.from(sent)] });
  const without = (change) => JSON.stringify({ ...row, ...change });
  return [
    text("not JSON", [400], "{"),
    text("nothing at all", [400], ""),
    text("a scalar", [400, 422], "17"),
    text("a NaN", [400], body.replace(/:\s*[-\d.]+/, ": NaN")),
    text("a cell of another type", [422], without({ [first]: "no number" })),
    text(
      "a hundred cells of another type",
      [422],
      JSON.stringify(Object.fromEntries(Object.keys(row).map((key) => [key, {}]))),
    ),
    text("a number beyond all numbers", [400, 422], body.replace(/:\s*[-\d.]+/, ": 1e999")),
    text("an unknown column", [422], without({ nobody: 1 })),
    text(
      "a list with one bad row",
      [422],
      list.replace(/"monday"|"tuesday"|"wednesday"|"thursday"|"friday"/, '"someday"').replace(/}\]$/, ',"nobody":1}]'),
    ),
    text("deep nesting", [400, 422], `${"[".repeat(20_000)}${"]".repeat(20_000)}`),
    bad("bytes that are no UTF-8", [400], { parts: [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])] }),
    bad("another media type", [415], { headers: { "content-type": "text/plain" }, parts: [Buffer.from(body)] }),
    bad("a broken gzip body", [400, 415], {
      headers: { ...json, "content-encoding": "gzip" },
      parts: [Buffer.from(body)],
    }),
    bad("an answer that cannot be had", [406], {
      headers: { ...json, accept: "image/png" },
      parts: [Buffer.from(body)],
    }),
    bad("no time", [400], { headers: { ...json, "x-request-timeout": "soon" }, parts: [Buffer.from(body)] }),
    bad("too large by its own word", [413], { headers: { ...json, "content-length": 100_000_000 }, parts: [] }),
    bad("no such model", [404], { url: `${origin}/models/${model}-none/predictions`, parts: [Buffer.from(body)] }),
    bad("another method", [405], { method: "DELETE", headers: {} }),
    bad("an address that is no text", [400, 404], {
      url: `${origin}/models/%ff/predictions`,
      parts: [Buffer.from(body)],
    }),
  ];
}
