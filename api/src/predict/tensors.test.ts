import type { Pinned } from "../bundle/description";
import { decodeReply, encodeInfer, ReplyFault } from "./tensors";

const description = {
  name: "mine",
  version: "1",
  digest: "abc",
  inputs: { numbers: ["a", "b"], codes: [{ name: "c", categories: ["x"] }], texts: ["t"] },
  outputs: [
    { name: "p", from: "p" },
    { name: "m", from: "m" },
    { name: "second", from: "m", column: 1 },
    { name: "i", from: "i" },
    { name: "j", from: "j" },
    { name: "f", from: "f" },
    { name: "b", from: "b" },
    { name: "s", from: "s" },
  ],
  tensors: {
    p: { datatype: "FP64", columns: null },
    m: { datatype: "FP64", columns: ["no", "yes"] },
    i: { datatype: "INT64", columns: null },
    j: { datatype: "INT32", columns: null },
    f: { datatype: "FP32", columns: null },
    b: { datatype: "BOOL", columns: null },
    s: { datatype: "BYTES", columns: null },
  },
} as unknown as Pinned;

interface Tensor {
  name: string;
  datatype: string;
  shape: unknown;
  parameters: { binary_data_size: unknown };
}
interface Header {
  id: unknown;
  model_name: unknown;
  parameters: unknown;
  outputs: Tensor[];
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const nan = Buffer.from("010000000000f87f", "hex"); // a NaN with a payload
const float64 = (...values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer);

/** What stands at this place of a list that has it. */
function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  return item;
}

/** The parts of an honest reply of two rows. */
function honest(): { header: Header; data: Buffer[] } {
  const data = [
    Buffer.concat([nan, float64(-0)]),
    float64(1, 2, 3, 5e-324),
    float64(2, 5e-324),
    Buffer.from(BigInt64Array.of(9007199254740993n, -1n).buffer),
    Buffer.from(Int32Array.of(7, -7).buffer),
    Buffer.from(Float32Array.of(0.1, -0).buffer),
    Buffer.of(1, 0),
    Buffer.concat([text("ü\ufeff"), text("")]),
  ];
  const shapes = [
    ["p", "FP64", [2]],
    ["m", "FP64", [2, 2]],
    ["second", "FP64", [2]],
    ["i", "INT64", [2]],
    ["j", "INT32", [2]],
    ["f", "FP32", [2]],
    ["b", "BOOL", [2]],
    ["s", "BYTES", [2]],
  ] as const;
  const outputs = shapes.map(([name, datatype, shape], i) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: data[i]?.length },
  }));
  return { header: { id: "call", model_name: "mine", parameters: { digest: "abc" }, outputs }, data };
}

function decode({ header, data }: { header: unknown; data: Buffer[] }, headerLength?: number) {
  const head = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  return decodeReply(Buffer.concat([head, ...data]), headerLength ?? head.length, { id: "call", rows: 2, description });
}

describe("a call", () => {
  it("is a JSON header and the tensors behind it, in the bundle's order", () => {
    const columns = {
      rows: 2,
      numbers: Float64Array.of(1, NaN, -0, 4),
      codes: Int32Array.of(0, -1),
      texts: [["ü", ""]],
    };
    const { body, headerLength } = encodeInfer(columns, description, { id: "call", digest: "abc", timeoutMs: 250 });
    expect(JSON.parse(body.toString("utf8", 0, headerLength))).toEqual({
      id: "call",
      parameters: { digest: "abc", timeout_ms: 250, binary_data_output: true },
      inputs: [
        { name: "numbers", datatype: "FP64", shape: [2, 2], parameters: { binary_data_size: 32 } },
        { name: "codes", datatype: "INT32", shape: [2, 1], parameters: { binary_data_size: 8 } },
        { name: "t", datatype: "BYTES", shape: [2], parameters: { binary_data_size: 10 } },
      ],
    });
    expect(body.subarray(headerLength)).toEqual(
      Buffer.concat([
        float64(1, NaN, -0, 4),
        Buffer.from("00000000ffffffff", "hex"),
        Buffer.from("02000000c3bc00000000", "hex"),
      ]),
    );
  });

  it("leaves out a tensor that the bundle has no inputs for", () => {
    const inputs = { numbers: [], codes: [], texts: ["t"] };
    const columns = { rows: 1, numbers: new Float64Array(), codes: new Int32Array(), texts: [["a"]] };
    const { body, headerLength } = encodeInfer(columns, { inputs }, { id: "i", digest: "d", timeoutMs: 1 });
    const header = JSON.parse(body.toString("utf8", 0, headerLength)) as { inputs: { name: string }[] };
    expect(header.inputs.map(({ name }) => name)).toEqual(["t"]);
  });

  it("sends a view's own values, not those of the buffer behind it", () => {
    const inputs = { numbers: ["a"], codes: [], texts: [] };
    const columns = { rows: 1, numbers: Float64Array.of(1, 2, 3).subarray(1, 2), codes: new Int32Array(), texts: [] };
    const { body, headerLength } = encodeInfer(columns, { inputs }, { id: "i", digest: "d", timeoutMs: 1 });
    expect(body.subarray(headerLength)).toEqual(float64(2));
  });
});

describe("a reply", () => {
  it("that is honest keeps every bit", () => {
    const { rows, outputs } = decode(honest());
    expect({ rows, outputs }).toEqual({
      rows: 2,
      outputs: [
        { name: "p", columns: null, values: Float64Array.of(NaN, -0) },
        { name: "m", columns: ["no", "yes"], values: Float64Array.of(1, 2, 3, 5e-324) },
        { name: "second", columns: null, values: Float64Array.of(2, 5e-324) },
        { name: "i", columns: null, values: BigInt64Array.of(9007199254740993n, -1n) },
        { name: "j", columns: null, values: Int32Array.of(7, -7) },
        { name: "f", columns: null, values: Float32Array.of(0.1, -0) },
        { name: "b", columns: null, values: Uint8Array.of(1, 0) },
        { name: "s", columns: null, values: ["ü\ufeff", ""] },
      ],
    });
    const [p] = outputs;
    expect(Buffer.from((p?.values as Float64Array).buffer).subarray(0, 8)).toEqual(nan);
  });

  type Lie = (reply: ReturnType<typeof honest>) => void;
  const first =
    (change: (tensor: Tensor) => void): Lie =>
    ({ header }) => {
      change(at(header.outputs, 0));
    };
  /** The last output's bytes in place of its own. */
  const texts =
    (bytes: Buffer): Lie =>
    ({ header, data }) => {
      data[7] = bytes;
      at(header.outputs, 7).parameters.binary_data_size = bytes.length;
    };
  it.each<[string, Lie, string]>([
    [
      "another call's id",
      ({ header }) => {
        header.id = "other";
      },
      "the reply has another call's id",
    ],
    [
      "no id",
      ({ header }) => {
        delete header.id;
      },
      "the reply has another call's id",
    ],
    [
      "another model's name",
      ({ header }) => {
        header.model_name = "other";
      },
      "the reply is another model's",
    ],
    [
      "another digest",
      ({ header }) => {
        header.parameters = { digest: "x" };
      },
      "the reply is another bundle's: its digest differs",
    ],
    [
      "no parameters",
      ({ header }) => {
        header.parameters = null;
      },
      "the reply is another bundle's: its digest differs",
    ],
    [
      "no outputs",
      ({ header }) => {
        header.outputs = [] as Tensor[];
      },
      "the reply has not as many outputs as the bundle",
    ],
    [
      "outputs that are no list",
      ({ header }) => {
        header.outputs = { length: 8 } as never;
      },
      "the reply has not as many outputs as the bundle",
    ],
    [
      "an output too many",
      ({ header }) => {
        header.outputs.push(at(header.outputs, 0));
      },
      "the reply has not as many outputs as the bundle",
    ],
    [
      "an output that is null",
      ({ header }) => {
        header.outputs[0] = null as never;
      },
      "the output p is longer than the reply",
    ],
    [
      "an output of another name",
      first((tensor) => {
        tensor.name = "q";
      }),
      'an output is ["q","FP64",[2]] in place of ["p","FP64",[2]]',
    ],
    [
      "two outputs that changed places",
      ({ header, data }) => {
        header.outputs.splice(0, 3, ...header.outputs.slice(0, 3).reverse());
        data.splice(0, 3, ...data.slice(0, 3).reverse());
      },
      'an output is ["second","FP64",[2]] in place of ["p","FP64",[2]]',
    ],
    [
      "another datatype of the same size",
      first((tensor) => {
        tensor.datatype = "INT64";
      }),
      'an output is ["p","INT64",[2]] in place of ["p","FP64",[2]]',
    ],
    [
      "fewer rows",
      first((tensor) => {
        tensor.shape = [1];
      }),
      'an output is ["p","FP64",[1]] in place of ["p","FP64",[2]]',
    ],
    [
      "another number of dimensions",
      first((tensor) => {
        tensor.shape = [2, 1];
      }),
      'an output is ["p","FP64",[2,1]] in place of ["p","FP64",[2]]',
    ],
    [
      "no shape",
      first((tensor) => {
        tensor.shape = undefined;
      }),
      'an output is ["p","FP64",null] in place of ["p","FP64",[2]]',
    ],
    [
      "a size that is text",
      first((tensor) => {
        tensor.parameters.binary_data_size = "16";
      }),
      "the output p is longer than the reply",
    ],
    [
      "a negative size",
      first((tensor) => {
        tensor.parameters.binary_data_size = -16;
      }),
      "the output p is longer than the reply",
    ],
    [
      "a size that is not whole",
      first((tensor) => {
        tensor.parameters.binary_data_size = 15.5;
      }),
      "the output p is longer than the reply",
    ],
    [
      "a size beyond the reply",
      first((tensor) => {
        tensor.parameters.binary_data_size = 1e6;
      }),
      "the output p is longer than the reply",
    ],
    [
      "a size that is not its shape's",
      first((tensor) => {
        tensor.parameters.binary_data_size = 8;
      }),
      "an output's length is not its shape's",
    ],
    [
      "a byte too many",
      ({ data }) => {
        data.push(Buffer.of(0));
      },
      "the reply is longer than its outputs",
    ],
    [
      "a byte too few",
      ({ data }) => {
        data[7] = at(data, 7).subarray(1);
      },
      "the output s is longer than the reply",
    ],
    [
      "nothing behind the header",
      ({ data }) => {
        data.length = 0;
      },
      "the output p is longer than the reply",
    ],
    ["a text longer than its output", texts(Buffer.from("ff00000061", "hex")), "a text is longer than its output"],
    ["half a length in place of a text", texts(Buffer.from("0000", "hex")), "a text is longer than its output"],
    ["a text too few", texts(text("a")), "a text is longer than its output"],
    ["a text too many", texts(Buffer.concat([text("a"), text("b"), text("c")])), "an output is longer than its texts"],
    [
      "a text that is not UTF-8",
      texts(Buffer.concat([text("a"), Buffer.from("01000000ff", "hex")])),
      "a text is not UTF-8",
    ],
    [
      "a boolean that is neither",
      ({ data }) => {
        data[6] = Buffer.of(1, 2);
      },
      "a boolean is neither 0 nor 1",
    ],
  ])("with %s is no answer", (_, lie, message) => {
    const reply = honest();
    lie(reply);
    expect(() => decode(reply)).toThrow(new ReplyFault(message));
    expect(() => decode(reply)).toThrow(ReplyFault);
  });

  it.each([[NaN], [0], [-1], [1.5], [1e9], [Infinity]])(
    "whose header is said to be %d bytes long is no answer",
    (length) => {
      expect(() => decode(honest(), length)).toThrow(new ReplyFault("the reply's header has no length"));
    },
  );

  it.each([["null"], ["5"], ['"text"'], ["{"], ["<html>"]])("whose header is %s is no answer", (header) => {
    expect(() => decode({ ...honest(), header })).toThrow(new ReplyFault("the reply's header is not a JSON object"));
  });

  it("whose header is cut short is no answer", () => {
    expect(() => decode(honest(), 10)).toThrow(new ReplyFault("the reply's header is not a JSON object"));
  });
});
