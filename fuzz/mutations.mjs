// A request with something wrong in it: whatever a byte, a line or a length can be.

const EXPLOSIVES = [
  ...[
    "\0",
    "\r",
    "\n",
    "\r\n",
    "\r\n\r\n",
    "\t",
    " ",
    ":",
    "\x7f",
    "\xff",
    "%",
    "%00",
    "%2e%2e/",
    "../",
    "{",
    "[",
    '"',
    "\\u0000",
  ],
  ...["-1", "0", "1e999", "99999999999999999999", "0x10", "+5", "NaN", "4294967296", "null", "__proto__"],
  ...["content-length: 5\r\n", "content-length: 999999\r\n", "transfer-encoding: chunked\r\n", "host: y\r\n"],
  ...[
    "expect: 100-continue\r\n",
    "expect: x\r\n",
    "connection: upgrade\r\nupgrade: h2c\r\n",
    "content-encoding: gzip\r\n",
  ],
  ...[
    "accept: */*;q=0\r\n",
    "content-type: text/csv\r\n",
    "x-request-id: \x01\r\n",
    "range: bytes=0-1\r\n",
    "if-match: *\r\n",
  ],
  ...[
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "CONNECT x:1 HTTP/1.1\r\n",
    "HTTP/0.9",
    "HTTP/1.0",
    "HTTP/1.2",
    "ffffffffffffffff\r\n",
  ],
].map((text) => Buffer.from(text, "latin1"));

const kinds = [
  (bytes, pick) => put(bytes, pick(bytes.length + 1), 0, Buffer.from([pick(256)])),
  (bytes, pick) => put(bytes, pick(bytes.length), 1, Buffer.from([pick(256)])),
  (bytes, pick) => put(bytes, pick(bytes.length), 1 + pick(20), Buffer.alloc(0)),
  (bytes, pick) => put(bytes, pick(bytes.length + 1), 0, EXPLOSIVES[pick(EXPLOSIVES.length)]),
  (bytes, pick) => put(bytes, pick(bytes.length), pick(8), EXPLOSIVES[pick(EXPLOSIVES.length)]),
  (bytes, pick) => put(bytes, lineStart(bytes, pick), 0, EXPLOSIVES[pick(EXPLOSIVES.length)]),
  (bytes, pick) => {
    const at = pick(bytes.length);
    return put(bytes, at, 0, bytes.subarray(at, at + 1 + pick(200)));
  },
  (bytes, pick) => put(bytes, pick(bytes.length + 1), 0, Buffer.alloc(1 + pick(20_000), 97 + pick(3))),
  (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
];

const put = (bytes, at, cut, instead) => Buffer.concat([bytes.subarray(0, at), instead, bytes.subarray(at + cut)]);

function lineStart(bytes, pick) {
  const starts = [0];
  for (let at = bytes.indexOf("\r\n"); at !== -1; at = bytes.indexOf("\r\n", at + 1)) starts.push(at + 2);
  return starts[pick(starts.length)];
}

/** One to three changes: of anything, or of the body alone, whose length is then told rightly. */
export function mutated(requests, pick) {
  const request = requests[pick(requests.length)];
  const bodyAt = request.indexOf("\r\n\r\n") + 4;
  if (bodyAt === request.length || pick(2) === 0) return changed(mixed(request, requests, pick), pick);
  const body = changed(request.subarray(bodyAt), pick);
  const head = request.toString("latin1", 0, bodyAt).replace(/content-length: \d+/, `content-length: ${body.length}`);
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}

/** Now and then the end of one request behind the beginning of another. */
function mixed(request, requests, pick) {
  if (pick(10) > 0) return request;
  const other = requests[pick(requests.length)];
  return Buffer.concat([request.subarray(0, pick(request.length)), other.subarray(pick(other.length))]);
}

function changed(bytes, pick) {
  let left = 1 + Math.floor(pick(6) / 3) * pick(3);
  for (; left > 0 && bytes.length > 0; left -= 1) bytes = kinds[pick(kinds.length)](bytes, pick);
  return bytes;
}
