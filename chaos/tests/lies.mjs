// What a sidecar may answer in place of what it should: each takes {response, honest}.
import { gzipSync } from "node:zlib";

import { replyWith, without } from "../servers/between.mjs";

const altered =
  (change) =>
  async ({ response, honest }) => {
    const { header, tensors } = await honest();
    const [lie, data] = change(structuredClone(header), Buffer.from(tensors));
    replyWith(response, lie, data);
  };
const headed = (change) => altered((header, tensors) => [{ ...header, ...change(header) }, tensors]);
const filled = (number) =>
  altered((header, tensors) => {
    for (let at = 0; at + 8 <= header.outputs[0].parameters.binary_data_size; at += 8)
      tensors.writeDoubleLE(number, at);
    return [header, tensors];
  });
const plain =
  (status, type, body, more = {}) =>
  ({ response }) =>
    void response.writeHead(status, { "content-type": type, "content-length": body.length, ...more }).end(body);

function drainOrClose(response) {
  return new Promise((resolve) => {
    const settle = () => {
      response.off("drain", settle).off("close", settle);
      resolve();
    };
    response.on("drain", settle).on("close", settle);
  });
}

const BOMB = gzipSync(Buffer.alloc(200_000_000));

export const lies = {
  "a tensor too short": altered((header, tensors) => [header, tensors.subarray(0, -1)]),
  "bytes behind the tensors": altered((header, tensors) => [header, Buffer.concat([tensors, tensors])]),
  "an output without its bytes": altered(({ outputs: [first, ...others], ...header }, tensors) => {
    const parameters = { ...first.parameters, binary_data_size: 0 };
    const rest = tensors.subarray(first.parameters.binary_data_size);
    return [{ ...header, outputs: [{ ...first, parameters }, ...others] }, rest];
  }),
  "a row too few": headed(({ outputs }) => ({ outputs: outputs.map((one) => ({ ...one, shape: [0] })) })),
  "a row too many": headed(({ outputs }) => ({ outputs: outputs.map((one) => ({ ...one, shape: [2] })) })),
  "another call's id": headed(() => ({ id: "00000000-0000-4000-8000-000000000000" })),
  "another model's name": headed(() => ({ model_name: "another" })),
  "another bundle's digest": headed(({ parameters }) => ({ parameters: { ...parameters, digest: "0".repeat(64) } })),
  "an output under another name": headed(({ outputs }) => ({ outputs: outputs.map((one) => ({ ...one, name: "x" })) })),
  "another datatype": headed(({ outputs }) => ({ outputs: outputs.map((one) => ({ ...one, datatype: "BYTES" })) })),
  "no outputs": headed(() => ({ outputs: [] })),
  "outputs that are null": headed(() => ({ outputs: null })),
  NaN: filled(NaN),
  Infinity: filled(Infinity),
  "null for a header": altered((_header, tensors) => ["null", tensors]),
  "a header that is no JSON": altered((_header, tensors) => ["{", tensors]),
  HTML: plain(200, "text/html", "<!doctype html><title>It works!</title>"),
  nothing: plain(200, "application/octet-stream", ""),
  500: plain(500, "text/plain", "Traceback (most recent call last):"),
  404: plain(404, "application/json", '{"error":"no such model"}'),
  "a redirect": plain(307, "text/plain", "", { location: "http://127.0.0.1:1/" }),
  "a gzip bomb": plain(200, "application/octet-stream", BOMB, { "content-encoding": "gzip" }),
  "a huge header": plain(200, "application/octet-stream", "", { "x-huge": "x".repeat(64_000) }),
  "a reply cut short": async ({ response, honest }) => {
    const { headers, data } = await honest();
    response.writeHead(200, headers).write(data.subarray(0, -4), () => response.destroy());
  },
  "a reply that drips": async ({ response, honest }) => {
    const { headers, data } = await honest();
    response.writeHead(200, headers);
    for (let at = 0; at < data.length && !response.destroyed; at += 1) {
      response.write(data.subarray(at, at + 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  },
  "a reply without end": async ({ response, honest }) => {
    const { headers } = await honest();
    response.writeHead(200, without(headers, "content-length"));
    const piece = Buffer.alloc(1_000_000);
    for (let sent = 0; sent < 300 && !response.destroyed; sent += 1) {
      if (!response.write(piece)) await drainOrClose(response);
    }
    response.end();
  },
  "no reply": () => undefined,
  "a reset": ({ response }) => void response.socket.resetAndDestroy(),
  "no HTTP": ({ response }) => void response.socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
};
